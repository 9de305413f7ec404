using FreezeBench.Images.Decoding;
using static TorchSharp.torch;

namespace FreezeBench.Images.Sets;

/// <summary>
/// Batches of transformed images: one gather of uint8 pixels where the images live, from the host a copy to the device that
/// nobody waits for, then the transform.
/// </summary>
public sealed class ImageBatches : BatchSource
{
    private readonly ImageDataSet data;
    private readonly ImageTransform transform;

    // Null without augmentation: a resize of the whole batch by one call is faster than by weights of each image.
    private readonly Framer? framer;

    // Null where the images are on the device already.
    private readonly BufferRing<HostBuffer>? buffers;

    /// <param name="data">The images; not owned.</param>
    /// <param name="transform">Resize, normalisation, memory format, on the set's device; not owned.</param>
    /// <param name="batchSize">Images per step, 1 or more.</param>
    /// <param name="augmentation">
    /// What each epoch draws anew; null: nothing. Before the first shuffle it draws what it would for seed 0 and epoch 0.
    /// </param>
    public ImageBatches(ImageDataSet data, ImageTransform transform, int batchSize, Augmentation? augmentation = null)
        : this(data, transform, batchSize, augmentation, throughHost: data.Images.device.type != data.Device.type)
    {
    }

    /// <inheritdoc cref="ImageBatches(ImageDataSet, ImageTransform, int, Augmentation?)"/>
    /// <param name="throughHost">Gather into a buffer of the host first: on the CPU a detour to the same values.</param>
    internal ImageBatches(ImageDataSet data, ImageTransform transform, int batchSize, Augmentation? augmentation, bool throughHost)
        : base(data.Count, batchSize, data.Device)
    {
        (this.data, this.transform) = (data, transform);
        framer = augmentation is { ChangesImages: true } ? new Framer(augmentation, data.Crop, Framing.Whole, transform.ResolutionPx) : null;
        buffers = throughHost ? HostBuffer.Ring([LargestStep, .. data.Images.shape.Skip(1)], ScalarType.Byte, data.Device, atOnce: 1) : null;
    }

    /// <inheritdoc/>
    protected override Batch LoadRange(long start, long length)
    {
        if (buffers is null)
            return Transformed(Rows(data.Images, start, length), start, length);
        var buffer = buffers.Take();
        try
        {
            buffer.Rows(length).copy_(HostRows(data.Images, start, length));
            return Transformed(buffer.ToDevice(length), start, length);
        }
        finally
        {
            buffer.ReturnTo(buffers);
            // Between two passes the memory serves others.
            if (start + length == Count)
                buffers.Clear();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        buffers?.Dispose();
        base.Dispose(disposing);
    }

    private Batch Transformed(Tensor pixels, long start, long length) => new(
        framer is null ? transform.Apply(pixels, WorkObserver) : transform.Apply(pixels, Framings(framer, start, length)), CopyRows(data.Labels, start, length));

    private List<Framing> Framings(Framer drawn, long start, long length)
    {
        var (height, width) = ((int)data.Images.size(2), (int)data.Images.size(3));
        List<Framing> framings = new((int)length);
        for (var position = start; position < start + length; position++)
            framings.Add(drawn.Frame(height, width, Seed, Epoch, IndexAt(position)));
        return framings;
    }
}
