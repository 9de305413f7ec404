namespace FreezeBench.Data;

/// <summary>Batches of transformed images: one gather of uint8 pixels on the device, then the transform.</summary>
/// <param name="data">The images; not owned.</param>
/// <param name="transform">Resize, normalisation, memory format; not owned.</param>
/// <param name="batchSize">Images per step, 1 or more.</param>
/// <param name="augmentation">
/// What each epoch draws anew; null: nothing. Before the first shuffle it draws what it would for seed 0 and epoch 0.
/// </param>
public sealed class ImageBatches(ImageDataSet data, ImageTransform transform, int batchSize, Augmentation? augmentation = null)
    : BatchSource(data.Count, batchSize, data.Device)
{
    // Null without augmentation: a resize of the whole batch by one call is faster than by weights of each image.
    private readonly Framer? framer = augmentation is { ChangesImages: true }
        ? new Framer(augmentation, data.Crop, Framing.Whole, transform.ResolutionPx) : null;

    /// <inheritdoc/>
    protected override Batch LoadRange(long start, long length)
    {
        var pixels = Rows(data.Images, start, length);
        var inputs = framer is null ? transform.Apply(pixels) : transform.Apply(pixels, Framings(framer, start, length));
        return new Batch(inputs, CopyRows(data.Labels, start, length));
    }

    private List<Framing> Framings(Framer drawn, long start, long length)
    {
        var (height, width) = ((int)data.Images.size(2), (int)data.Images.size(3));
        List<Framing> framings = new((int)length);
        for (var position = start; position < start + length; position++)
            framings.Add(drawn.Frame(height, width, Seed, Epoch, IndexAt(position)));
        return framings;
    }
}
