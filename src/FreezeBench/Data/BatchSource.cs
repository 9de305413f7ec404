using static TorchSharp.torch;

namespace FreezeBench.Data;

/// <summary>
/// The images of one pass, cut into batches. The order is stored order until <see cref="Shuffle"/>; the last batch is
/// smaller where the batch size does not divide the count, so that every image is seen exactly once.
/// </summary>
/// <param name="count">Number of images, 1 or more.</param>
/// <param name="batchSize">Images per step, 1 or more.</param>
/// <param name="device">Where the data lives.</param>
public abstract class BatchSource(int count, int batchSize, Device device) : IDisposable
{
    private Tensor? order;

    /// <summary>The device that the batches are on.</summary>
    public Device Device { get; } = device;

    /// <summary>Number of images in one pass.</summary>
    public int Count { get; } = count;

    /// <summary>Images per step; the last step of a pass may have fewer.</summary>
    public int BatchSize { get; } = batchSize;

    /// <summary>Steps of one pass, the smaller last one included.</summary>
    public int StepsPerEpoch => (Count + BatchSize - 1) / BatchSize;

    /// <summary>Draws the order of an epoch from seed and epoch alone, so that a resumed run sees the order it would have seen.</summary>
    /// <remarks>Drawn on the CPU: the same seed gives the same order on every device.</remarks>
    public void Shuffle(long seed, int epoch)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(Mix(seed, epoch), CPU);
        var next = randperm(Count, ScalarType.Int64, CPU, generator: generator).to(Device);
        order?.Dispose();
        order = next.DetachFromDisposeScope();
    }

    /// <summary>The batch of a step.</summary>
    /// <param name="step">0 .. <see cref="StepsPerEpoch"/> - 1.</param>
    public Batch Load(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, StepsPerEpoch);
        using var scope = NewDisposeScope();
        var start = (long)step * BatchSize;
        var length = Math.Min(BatchSize, Count - start);
        var batch = order is null ? Slice(start, length) : Gather(order.narrow(0, start, length));
        return new Batch(batch.Inputs.MoveToOuterDisposeScope(), batch.Labels.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The batch at these positions; called inside a scope that disposes everything but the result.</summary>
    /// <param name="indices">int64 [n], on the data's device.</param>
    protected abstract Batch Gather(Tensor indices);

    /// <summary>A batch in stored order; called inside a scope that disposes everything but the result.</summary>
    protected abstract Batch Slice(long start, long length);

    /// <summary>Disposes the order; who overrides it calls this one too.</summary>
    protected virtual void Dispose(bool disposing)
    {
        order?.Dispose();
        order = null;
    }

    // SplitMix64's finaliser (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators", fig. 16):
    // seed and epoch are small, neighbouring numbers, and seed + epoch would give run 2 the second epoch of run 1.
    // The generator takes the lower 32 bits only, so two of 1,000 epochs share their order with a chance of 1 in 10,000.
    private static ulong Mix(long seed, int epoch)
    {
        var z = unchecked((ulong)seed + (((ulong)epoch + 1) * 0x9E3779B97F4A7C15UL));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
