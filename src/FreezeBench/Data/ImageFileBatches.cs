using static TorchSharp.torch;

namespace FreezeBench.Data;

/// <summary>
/// Batches of images that are decoded from files on threads of their own, ahead of the step that is trained: a step waits only
/// where decoding is slower than training.
/// </summary>
/// <remarks>
/// Order and augmentation are fixed before anything is decoded, so the result does not depend on the threads. They work on
/// bytes; every tensor is made by the thread that calls <see cref="BatchSource.Load"/>. The batch after the one loaded last is
/// what is decoded next, and a shuffle begins with the first.
/// </remarks>
public sealed class ImageFileBatches : BatchSource
{
    // Enough to even out batches of larger and of smaller images; each costs the memory of its pixels.
    private const int BatchesAhead = 2;

    private readonly ImageFolderSet data;
    private readonly ImageTransform transform;
    private readonly Framer framer;
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
        ahead = new DecodeAhead(data.Workers, BatchesAhead, StepsPerEpoch, Plan);
    }

    /// <summary>Threads that decode for this source at this moment; none before the first batch and none after disposal.</summary>
    internal int LiveWorkers => ahead.LiveWorkers;

    /// <inheritdoc/>
    protected override Batch LoadRange(long start, long length)
    {
        using var decoded = ahead.Take((int)(start / BatchSize));
        var parts = decoded.Parts.Select(part => transform.ApplyViews(part.ToTensor(Device), part.Views)).ToList();
        return new Batch(parts is [var only] ? only : cat(parts, 0), CopyRows(data.Labels, start, length));
    }

    /// <inheritdoc/>
    protected override void OnShuffled() => ahead.Restart();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        ahead.Dispose();
        base.Dispose(disposing);
    }

    private List<FileView> Plan(int step)
    {
        List<FileView> views = [];
        var start = (long)step * BatchSize;
        for (var position = start; position < Math.Min(start + BatchSize, Count); position++)
        {
            var index = IndexAt(position);
            var entry = data.Entries[(int)index];
            views.Add(FileView.Of(entry, framer.Frame(entry.Height, entry.Width, Seed, Epoch, index), transform.ResolutionPx));
        }
        return views;
    }
}
