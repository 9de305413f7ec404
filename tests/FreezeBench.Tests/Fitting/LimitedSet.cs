using FreezeBench.Images.Decoding;
using FreezeBench.Images.Sets;
using TorchSharp;

namespace FreezeBench.Tests.Fitting;

/// <summary>Images on a device whose memory ends at a number of images in a batch: libtorch's exception with libtorch's words.</summary>
internal sealed class LimitedSet(ImageDataSet images, int limit) : ImageSet(images.Name, images.ClassNames, images.ContentHash, images.Labels.clone())
{
    public override int DefaultResolutionPx => images.DefaultResolutionPx;

    public override RandomCrop Crop => images.Crop;

    public override BatchSource Batches(ImageTransform transform, int batchSize, Augmentation augmentation) =>
        new LimitedBatches(images.Batches(transform, batchSize, augmentation), limit);

    protected override ImageSet Take(IReadOnlyList<long> indices, torch.Tensor labels, IReadOnlyList<string> classNames) => new LimitedSet(images.Select(indices), limit) { owns = true };

    private bool owns;

    protected override void Dispose(bool disposing)
    {
        if (owns)
            images.Dispose();
        base.Dispose(disposing);
    }

    private sealed class LimitedBatches(BatchSource inner, int limit) : BatchSource(inner.Count, inner.BatchSize, inner.Device)
    {
        protected override Batch LoadRange(long start, long length) =>
            length > limit ? throw LibtorchFailure.Of() : inner.Load((int)(start / BatchSize));

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
