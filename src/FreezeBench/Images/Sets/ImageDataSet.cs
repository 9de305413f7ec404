using FreezeBench.Images.Decoding;
using static TorchSharp.torch;

namespace FreezeBench.Images.Sets;

/// <summary>A labelled set of equally sized images, whole in memory, before any transform.</summary>
/// <remarks>
/// CIFAR-10's training set is 154 MB in this form, so it lives on the device and a batch costs one gather there: no
/// decoding and no copy from the host is inside a measured step. Where a GPU has no room for it the images stay on the host,
/// and each batch is copied. The set owns its tensors.
/// </remarks>
public sealed class ImageDataSet : ImageSet
{
    /// <summary>Takes ownership of the tensors.</summary>
    /// <param name="name">Name written to the CSV, such as <c>cifar10</c> or <c>synthetic</c>.</param>
    /// <param name="classes">Number of classes; every label is in 0 .. classes - 1.</param>
    /// <param name="contentHash">SHA-256 (lower-case hex) of labels and pixels: two copies with other bytes never look alike.</param>
    /// <param name="images">uint8 [N, 3, H, W], RGB, contiguous, on the device of the labels or on the CPU.</param>
    /// <param name="labels">int64 [N], on the device that batches are made on.</param>
    /// <param name="classNames">One name for each class; null: <c>class-0</c> and on.</param>
    public ImageDataSet(string name, int classes, string contentHash, Tensor images, Tensor labels, IReadOnlyList<string>? classNames = null)
        : base(name, classNames ?? [.. Enumerable.Range(0, classes).Select(label => $"class-{label}")], contentHash, labels)
    {
        if (images.dtype != ScalarType.Byte || images.dim() != 4 || images.size(1) != 3)
            throw new ArgumentException($"Images are {images.dtype} [{string.Join(", ", images.shape)}]; uint8 [N, 3, H, W] is needed.", nameof(images));
        if (labels.size(0) != images.size(0))
            throw new ArgumentException($"Labels are {labels.dtype} [{string.Join(", ", labels.shape)}]; int64 [{images.size(0)}] is needed.", nameof(labels));
        if (ClassNames.Count != classes)
            throw new ArgumentException($"There are {ClassNames.Count} names for {classes} classes.", nameof(classNames));
        Images = images.DetachFromDisposeScope();
    }

    /// <summary>uint8 [N, 3, H, W], RGB.</summary>
    public Tensor Images { get; }

    /// <summary>Height of the stored images in pixels (they are square).</summary>
    public int SizePx => (int)Images.size(2);

    /// <inheritdoc/>
    public override int DefaultResolutionPx => SizePx;

    /// <inheritdoc/>
    public override RandomCrop Crop => RandomCrop.OfSmallImages;

    /// <inheritdoc cref="ImageSet.Select"/>
    public new ImageDataSet Select(IReadOnlyList<long> indices) => (ImageDataSet)base.Select(indices);

    /// <inheritdoc/>
    public override ImageBatches Batches(ImageTransform transform, int batchSize, Augmentation augmentation) =>
        new(this, transform, batchSize, augmentation);

    /// <summary>This set for another device; this one is disposed.</summary>
    /// <param name="device">Where batches are made.</param>
    /// <param name="withImages">Move the images too; else they stay where they are.</param>
    internal ImageDataSet MovedTo(Device device, bool withImages)
    {
        using var scope = NewDisposeScope();
        // A copy also where nothing moves, or the new set would share a tensor with one that is gone.
        var moved = new ImageDataSet(Name, Classes, ContentHash, withImages ? Images.to(device, copy: true) : Images.alias(), Labels.to(device, copy: true), ClassNames);
        Dispose();
        return moved;
    }

    /// <inheritdoc/>
    protected override ImageDataSet Take(IReadOnlyList<long> indices, Tensor labels, IReadOnlyList<string> classNames)
    {
        var images = Images.index_select(0, tensor(indices.ToArray()).to(Images.device));
        return new ImageDataSet(Name, classNames.Count, ContentHasher.Hash(images, labels), images, labels, classNames);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Images.Dispose();
        base.Dispose(disposing);
    }
}
