using System.Diagnostics;
using FreezeBench.Kernels.Observing;
using static TorchSharp.torch;

namespace FreezeBench.Images.Sets;

/// <summary>
/// The images of one pass, cut into batches. The order is stored order until <see cref="Shuffle"/>; the last batch is
/// smaller where the batch size does not divide the count, so that every image is seen exactly once.
/// </summary>
/// <remarks>
/// An image that would be left alone joins the batch before. BatchNorm in train mode takes its variance over a batch: where the last layers
/// see one pixel, one image has none, and the network is lost. Dropping it instead would train on fewer images than a row says.
/// </remarks>
/// <param name="count">Number of images, 1 or more.</param>
/// <param name="batchSize">Images per step, 1 or more.</param>
/// <param name="device">Where the data lives.</param>
public abstract class BatchSource(int count, int batchSize, Device device) : IDisposable
{
    private Tensor? order;
    private long[]? hostOrder;

    /// <summary>The device that the batches are on.</summary>
    public Device Device { get; } = device;

    /// <summary>Number of images in one pass.</summary>
    public int Count { get; } = count;

    /// <summary>Images per step; the last step of a pass may have fewer, or one more (<see cref="HasJoinedImage"/>).</summary>
    public int BatchSize { get; } = batchSize;

    /// <summary>Whether the last step has an image more than the others, which would have been alone in a step of its own.</summary>
    public bool HasJoinedImage => BatchSize > 1 && Count > BatchSize && Count % BatchSize == 1;

    /// <summary>Steps of one pass, the smaller last one included.</summary>
    public int StepsPerEpoch => ((Count + BatchSize - 1) / BatchSize) - (HasJoinedImage ? 1 : 0);

    /// <summary>Steps of one pass that have exactly <see cref="BatchSize"/> images.</summary>
    public int FullSteps => (Count / BatchSize) - (HasJoinedImage ? 1 : 0);

    /// <summary>
    /// Time that callers have spent in <see cref="Load"/> since this source was made, by the host's clock: gathering, waiting for
    /// images that are not decoded yet, transforming, copying. On CUDA what the device still has to do of it is not in here.
    /// </summary>
    public TimeSpan TimeLoading { get; private set; }

    /// <summary>
    /// Told of what libtorch does for a batch, where it is not a view; null, the default: nobody. Not told of copies from the host, nor
    /// of the transform of images that are augmented or read from files.
    /// </summary>
    public IWorkObserver? WorkObserver { get; set; }

    /// <summary>Draws the order of an epoch from seed and epoch alone, so that a resumed run sees the order it would have seen.</summary>
    /// <remarks>Drawn on the CPU: the same seed gives the same order on every device.</remarks>
    public void Shuffle(long seed, int epoch)
    {
        using var scope = NewDisposeScope();
        // The generator takes the lower 32 bits only, so two of 1,000 epochs share their order with a chance of 1 in 10,000.
        using var generator = new Generator(SplitMix64.Mix(seed, epoch), CPU);
        var drawn = randperm(Count, ScalarType.Int64, CPU, generator: generator);
        hostOrder = drawn.data<long>().ToArray();
        order?.Dispose();
        order = drawn.to(Device).DetachFromDisposeScope();
        (Seed, Epoch) = (seed, epoch);
        OnShuffled();
    }

    /// <summary>The batch of a step.</summary>
    /// <param name="step">0 .. <see cref="StepsPerEpoch"/> - 1.</param>
    public Batch Load(int step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(step, StepsPerEpoch);
        var began = Stopwatch.GetTimestamp();
        using var scope = NewDisposeScope();
        var (start, length) = RangeOf(step);
        var batch = LoadRange(start, length);
        TimeLoading += Stopwatch.GetElapsedTime(began);
        return new Batch(batch.Inputs.MoveToOuterDisposeScope(), batch.Labels.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The seed of the last <see cref="Shuffle"/>; 0 before the first.</summary>
    protected long Seed { get; private set; }

    /// <summary>The epoch of the last <see cref="Shuffle"/>; 0 before the first.</summary>
    protected int Epoch { get; private set; }

    /// <summary>The most images that a step has.</summary>
    protected int LargestStep => Math.Min(Count, BatchSize + (HasJoinedImage ? 1 : 0));

    /// <summary>Which images of the order a step has.</summary>
    protected (long Start, long Length) RangeOf(int step)
    {
        var start = (long)step * BatchSize;
        return (start, step == StepsPerEpoch - 1 ? Count - start : BatchSize);
    }

    /// <summary>A batch of the current order; called inside a scope that disposes everything but the result.</summary>
    /// <param name="start">Position in the order of the batch's first image.</param>
    /// <param name="length">Images of the batch.</param>
    protected abstract Batch LoadRange(long start, long length);

    /// <summary>The image at a position of the current order.</summary>
    protected long IndexAt(long position) => hostOrder is null ? position : hostOrder[position];

    /// <summary>Rows of a tensor on the data's device, in the current order; in stored order they share its memory.</summary>
    protected Tensor Rows(Tensor all, long start, long length)
    {
        if (order is null)
            return all.narrow(0, start, length);
        var indices = order.narrow(0, start, length);
        return Work.Seen(WorkObserver, () => all.index_select(0, indices));
    }

    /// <summary>Rows of a tensor on the host, in the current order; in stored order they share its memory.</summary>
    protected Tensor HostRows(Tensor all, long start, long length) =>
        hostOrder is null ? all.narrow(0, start, length) : all.index_select(0, tensor(hostOrder.AsSpan((int)start, (int)length).ToArray()));

    /// <summary>Rows of a tensor on the data's device, in the current order, in memory of their own.</summary>
    protected Tensor CopyRows(Tensor all, long start, long length) => order is null ? Rows(all, start, length).clone() : Rows(all, start, length);

    /// <summary>Called when the order has changed.</summary>
    protected virtual void OnShuffled()
    {
    }

    /// <summary>Disposes the order; who overrides it calls this one too.</summary>
    protected virtual void Dispose(bool disposing)
    {
        order?.Dispose();
        order = null;
    }
}
