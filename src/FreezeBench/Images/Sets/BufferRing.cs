namespace FreezeBench.Images.Sets;

/// <summary>Memory that is used again and again, also where a device may still be reading from it.</summary>
/// <remarks>
/// A copy to a GPU that nobody waits for reads its source some time after it was issued, and TorchSharp has no events that would
/// tell when. So a buffer that was copied from rests until the device is waited for as a whole: all resting ones are free then.
/// That happens only where no other buffer is left, once for as many batches as there are buffers to spare. Used by one thread.
/// </remarks>
/// <param name="create">Makes a buffer.</param>
/// <param name="most">Buffers in all, 1 or more.</param>
/// <param name="waitForDevice">Returns when every copy issued so far is done.</param>
internal sealed class BufferRing<TBuffer>(Func<TBuffer> create, int most, Action waitForDevice) : IDisposable where TBuffer : class, IDisposable
{
    private readonly Stack<TBuffer> free = [];
    private readonly List<TBuffer> resting = [];
    private readonly HashSet<TBuffer> taken = [];

    /// <summary>Buffers that exist.</summary>
    internal int Count => free.Count + resting.Count + taken.Count;

    /// <summary>A buffer that nobody reads or writes; its content is whatever it was.</summary>
    /// <exception cref="InvalidOperationException">All are taken: a bug of the caller, who has to give them back.</exception>
    internal TBuffer Take()
    {
        if (free.Count == 0 && Count == most)
            Wake();
        if (!free.TryPop(out var buffer))
            buffer = Count < most ? create() : throw new InvalidOperationException($"All {most} buffers are taken.");
        taken.Add(buffer);
        return buffer;
    }

    /// <summary>Gives a buffer back.</summary>
    /// <param name="buffer">That was taken.</param>
    /// <param name="isCopied">A copy from it was issued and may not be done.</param>
    internal void Return(TBuffer buffer, bool isCopied)
    {
        if (!taken.Remove(buffer))
            throw new ArgumentException("It was not taken from here, or was given back already.", nameof(buffer));
        if (isCopied)
            resting.Add(buffer);
        else
            free.Push(buffer);
    }

    /// <summary>Disposes what is not taken, and waits for the device first where it may be reading.</summary>
    internal void Clear()
    {
        Wake();
        while (free.TryPop(out var buffer))
            buffer.Dispose();
    }

    /// <summary>Disposes all of them; those that are taken must not be used any more.</summary>
    public void Dispose()
    {
        Clear();
        foreach (var buffer in taken)
            buffer.Dispose();
        taken.Clear();
    }

    private void Wake()
    {
        if (resting.Count == 0)
            return;
        waitForDevice();
        resting.ForEach(free.Push);
        resting.Clear();
    }
}
