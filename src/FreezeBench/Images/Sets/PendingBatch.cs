using System.Runtime.ExceptionServices;
using FreezeBench.Images.Decoding;

namespace FreezeBench.Images.Sets;

/// <summary>A batch that threads are decoding, or have decoded.</summary>
/// <param name="files">Its images, in order.</param>
/// <param name="resolutionPx">R, height and width of the result.</param>
/// <param name="pixels">Where they go: float32 [n or more, R, R, 3].</param>
/// <param name="release">Gets the memory back, once.</param>
internal sealed class PendingBatch(IReadOnlyList<FileView> files, int resolutionPx, HostBuffer pixels, Action<HostBuffer> release) : IDisposable
{
    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Exception?[] errors = new Exception?[files.Count];
    private int missing = files.Count;
    private volatile bool abandoned;

    /// <summary>The pixels, 0 .. 255; complete after <see cref="Wait"/>.</summary>
    internal HostBuffer Pixels => pixels;

    /// <summary>Number of images.</summary>
    internal int Count => files.Count;

    /// <summary>One for each image, in order.</summary>
    internal IEnumerable<DecodeJob> Jobs() => Enumerable.Range(0, files.Count).Select(index => new DecodeJob(this, index));

    /// <summary>Decodes one image, on a worker; it never throws, since nobody would catch it there.</summary>
    internal byte[]? Decode(int index, byte[]? buffer)
    {
        try
        {
            return abandoned ? buffer : files[index].Decode(pixels.Row(index), resolutionPx, buffer);
        }
        catch (Exception e)
        {
            // Thrown again, with its stack, by the thread that waits for the batch.
            errors[index] = e;
            return buffer;
        }
        finally
        {
            if (Interlocked.Decrement(ref missing) == 0)
                done.SetResult();
        }
    }

    /// <summary>Nobody wants it any more: what is not decoded stays so.</summary>
    internal void Abandon()
    {
        abandoned = true;
        // The images that are being decoded at this moment are still written to its memory.
        done.Task.Wait();
        Dispose();
    }

    /// <summary>Waits until every image is decoded.</summary>
    /// <exception cref="Results.UserErrorException">The first of the batch's images, in its order, that could not be; the memory is given back then.</exception>
    internal void Wait()
    {
        done.Task.Wait();
        if (Array.Find(errors, error => error is not null) is not { } first)
            return;
        Dispose();
        ExceptionDispatchInfo.Throw(first);
    }

    /// <summary>Gives the memory back, after <see cref="Wait"/>.</summary>
    public void Dispose() => release(pixels);
}

/// <summary>One image of a batch to decode.</summary>
/// <param name="Batch">Told when it is done.</param>
/// <param name="Index">The image's place in it.</param>
internal readonly record struct DecodeJob(PendingBatch Batch, int Index);
