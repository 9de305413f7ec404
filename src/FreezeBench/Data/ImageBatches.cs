using static TorchSharp.torch;

namespace FreezeBench.Data;

/// <summary>Batches of transformed images: one gather of uint8 pixels on the device, then the transform.</summary>
/// <param name="data">The images; not owned.</param>
/// <param name="transform">Resize, normalisation, memory format; not owned.</param>
/// <param name="batchSize">Images per step, 1 or more.</param>
public sealed class ImageBatches(ImageDataSet data, ImageTransform transform, int batchSize)
    : BatchSource(data.Count, batchSize, data.Device)
{
    /// <inheritdoc/>
    protected override Batch Gather(Tensor indices) =>
        new(transform.Apply(data.Images.index_select(0, indices)), data.Labels.index_select(0, indices));

    /// <inheritdoc/>
    protected override Batch Slice(long start, long length) =>
        new(transform.Apply(data.Images.narrow(0, start, length)), data.Labels.narrow(0, start, length).clone());
}
