using FreezeBench.Images.Decoding;
using static TorchSharp.torch;

namespace FreezeBench.Images.Sets;

/// <summary>
/// Batches of images that are decoded from files on threads of their own, ahead of the step that is trained: a step waits only
/// where decoding is slower than training.
/// </summary>
/// <remarks>
/// Order and augmentation are fixed before anything is decoded, so the result does not depend on the threads. They decode and
/// resample into the memory of a batch (pinned, where it is copied to a GPU); every tensor is made by the thread that calls
/// <see cref="BatchSource.Load"/>. The batch after the one loaded last is what is decoded next, and a shuffle begins with the first.
/// </remarks>
public sealed class ImageFileBatches : BatchSource
{
    // Enough to even out batches of larger and of smaller images; each costs the memory of its pixels.
    private const int BatchesAhead = 2;

    private readonly ImageFolderSet data;
    private readonly ImageTransform transform;
    private readonly Framer framer;
    private readonly BufferRing<HostBuffer> buffers;
    private readonly DecodeAhead ahead;

    /// <param name="data">The images; not owned.</param>
    /// <param name="transform">Resolution, normalisation, memory format; not owned.</param>
    /// <param name="batchSize">Images per step, 1 or more.</param>
    /// <param name="augmentation">What each epoch draws anew. Before the first shuffle it draws what it would for seed 0 and epoch 0.</param>
    public ImageFileBatches(ImageFolderSet data, ImageTransform transform, int batchSize, Augmentation augmentation)
        : base(data.Count, batchSize, data.Device)
    {
        (this.data, this.transform) = (data, transform);
        framer = new Framer(augmentation, data.Crop, Framing.Centre, transform.ResolutionPx);
        // Channels innermost: what a decoder gives, and what channels-last batches are without another copy.
        buffers = HostBuffer.Ring([LargestStep, transform.ResolutionPx, transform.ResolutionPx, 3], ScalarType.Float32, data.Device, BatchesAhead + 1);
        ahead = new DecodeAhead(data.Workers, BatchesAhead, StepsPerEpoch, Plan);
    }

    /// <summary>Threads that decode for this source at this moment; none before the first batch and none after disposal.</summary>
    internal int LiveWorkers => ahead.LiveWorkers;

    /// <inheritdoc/>
    protected override Batch LoadRange(long start, long length)
    {
        Batch batch;
        using (var decoded = ahead.Take((int)(start / BatchSize)))
            batch = new Batch(transform.Normalise(decoded.Pixels.ToDevice(length).permute(0, 3, 1, 2)), CopyRows(data.Labels, start, length));
        // Between two passes the memory serves others, such as the batches of the test images.
        if (start + length == Count)
            buffers.Clear();
        return batch;
    }

    /// <inheritdoc/>
    protected override void OnShuffled() => ahead.Restart();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        ahead.Dispose();
        buffers.Dispose();
        base.Dispose(disposing);
    }

    private PendingBatch Plan(int step)
    {
        List<FileView> views = [];
        var (start, length) = RangeOf(step);
        for (var position = start; position < start + length; position++)
        {
            var index = IndexAt(position);
            var entry = data.Entries[(int)index];
            views.Add(new FileView(entry, framer.Frame(entry.Height, entry.Width, Seed, Epoch, index)));
        }
        return new PendingBatch(views, transform.ResolutionPx, buffers.Take(), buffer => buffer.ReturnTo(buffers));
    }
}
