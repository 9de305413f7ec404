using static TorchSharp.torch;

namespace FreezeBench.Data;

/// <summary>A labelled set of equally sized images, whole in the memory of one device, before any transform.</summary>
/// <remarks>
/// CIFAR-10's training set is 154 MB in this form, so it lives on the device and a batch costs one gather there: no
/// decoding and no copy from the host is inside a measured step. The set owns its tensors.
/// </remarks>
public sealed class ImageDataSet : IDisposable
{
    /// <summary>Takes ownership of the tensors.</summary>
    /// <param name="name">Name written to the CSV, such as <c>cifar10</c> or <c>synthetic</c>.</param>
    /// <param name="classes">Number of classes; every label is in 0 .. classes - 1.</param>
    /// <param name="contentHash">SHA-256 (lower-case hex) of labels and pixels: two copies with other bytes never look alike.</param>
    /// <param name="images">uint8 [N, 3, H, W], RGB, contiguous.</param>
    /// <param name="labels">int64 [N], on the same device as <paramref name="images"/>.</param>
    /// <param name="classNames">Names of the classes, one each; null: <c>class-0</c> and on.</param>
    public ImageDataSet(string name, int classes, string contentHash, Tensor images, Tensor labels, IReadOnlyList<string>? classNames = null)
    {
        if (classNames is not null && classNames.Count != classes)
            throw new ArgumentException($"There are {classNames.Count} names for {classes} classes.", nameof(classNames));
        if (images.dtype != ScalarType.Byte || images.dim() != 4 || images.size(1) != 3)
            throw new ArgumentException($"Images are {images.dtype} [{string.Join(", ", images.shape)}]; uint8 [N, 3, H, W] is needed.", nameof(images));
        if (labels.dtype != ScalarType.Int64 || labels.dim() != 1 || labels.size(0) != images.size(0))
            throw new ArgumentException($"Labels are {labels.dtype} [{string.Join(", ", labels.shape)}]; int64 [{images.size(0)}] is needed.", nameof(labels));
        (Name, Classes, ContentHash, Images, Labels) = (name, classes, contentHash, images, labels);
        ClassNames = classNames ?? [.. Enumerable.Range(0, classes).Select(label => $"class-{label}")];
        // Owned from here on: a scope of the caller must not dispose them.
        images.DetachFromDisposeScope();
        labels.DetachFromDisposeScope();
    }

    /// <summary>Name written to the CSV.</summary>
    public string Name { get; }

    /// <summary>Number of classes.</summary>
    public int Classes { get; }

    /// <summary>Names of the classes: label i is <c>ClassNames[i]</c>; as many as <see cref="Classes"/>.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>SHA-256 of labels and pixels, lower-case hex.</summary>
    public string ContentHash { get; }

    /// <summary>uint8 [N, 3, H, W], RGB.</summary>
    public Tensor Images { get; }

    /// <summary>int64 [N], class ids.</summary>
    public Tensor Labels { get; }

    /// <summary>Number of images.</summary>
    public int Count => (int)Images.size(0);

    /// <summary>Height of the stored images in pixels (they are square).</summary>
    public int SizePx => (int)Images.size(2);

    /// <summary>The device that holds the tensors.</summary>
    public Device Device => Images.device;

    /// <summary>The images at these positions, in this order, as a set of its own on the same device with its own hash.</summary>
    /// <param name="indices">Positions in this set, at least one.</param>
    public ImageDataSet Select(IReadOnlyList<long> indices)
    {
        ArgumentOutOfRangeException.ThrowIfZero(indices.Count);
        using var scope = NewDisposeScope();
        var index = tensor(indices.ToArray()).to(Device);
        var images = Images.index_select(0, index);
        var labels = Labels.index_select(0, index);
        return new ImageDataSet(Name, Classes, ContentHasher.Hash(images, labels), images, labels, ClassNames);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}
