using FreezeBench.Images.Decoding;
using FreezeBench.Images.Sets;
using static TorchSharp.torch;

namespace FreezeBench.Accuracy.Runs;

/// <summary>Number, size and classes of a set, for what looks at no pixel: an estimate from rows.</summary>
/// <param name="name">As rows have it.</param>
/// <param name="classNames">In the order of the labels.</param>
/// <param name="sizePx">Height and width in pixels.</param>
/// <param name="labels">int64 [N], owned from now on.</param>
internal sealed class UnseenImages(string name, IReadOnlyList<string> classNames, int sizePx, Tensor labels) : ImageSet(name, classNames, "unknown", labels)
{
    /// <inheritdoc/>
    public override int DefaultResolutionPx => sizePx;

    /// <inheritdoc/>
    public override RandomCrop Crop => RandomCrop.OfSmallImages;

    /// <summary>With every class equally often.</summary>
    /// <param name="name">As rows have it.</param>
    /// <param name="count">Number of images.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="sizePx">Height and width in pixels.</param>
    internal static UnseenImages Create(string name, int count, int classes, int sizePx)
    {
        using var scope = NewDisposeScope();
        return new(name, [.. Enumerable.Range(0, classes).Select(label => $"class-{label}")], sizePx, arange(count, ScalarType.Int64).remainder(classes));
    }

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">Always: there are no pixels.</exception>
    public override BatchSource Batches(ImageTransform transform, int batchSize, Augmentation augmentation) => throw new NotSupportedException($"The images of '{Name}' are counted, not looked at.");

    /// <inheritdoc/>
    protected override UnseenImages Take(IReadOnlyList<long> indices, Tensor labels, IReadOnlyList<string> classNames) => new(Name, classNames, sizePx, labels);
}
