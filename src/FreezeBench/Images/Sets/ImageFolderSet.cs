using FreezeBench.Images.Decoding;
using static TorchSharp.torch;

namespace FreezeBench.Images.Sets;

/// <summary>A labelled set of images of any size in files, decoded when a batch needs them.</summary>
/// <remarks>
/// The content hash is of labels and file bytes in stored order (<see cref="FileHasher.Hash"/>),
/// not of names. Made from a folder of images.
/// </remarks>
public sealed class ImageFolderSet : ImageSet
{
    // What ImageNet's networks are trained and measured at.
    private const int UsualResolutionPx = 224;

    private ImageFolderSet(string name, IReadOnlyList<string> classNames, IReadOnlyList<ImageFileEntry> entries, Tensor labels, int workers)
        : base(name, classNames, FileHasher.Hash([.. entries.Select(entry => (long)entry.Label)], [.. entries.Select(entry => entry.Digest)]), labels) =>
        (Entries, Workers) = (entries, workers);

    /// <summary>Threads that decode ahead of training.</summary>
    public int Workers { get; }

    /// <inheritdoc/>
    public override int DefaultResolutionPx => UsualResolutionPx;

    /// <inheritdoc/>
    public override RandomCrop Crop => RandomCrop.OfPhotographs;

    /// <summary>Where the images lie, in stored order.</summary>
    public IReadOnlyList<string> Paths => [.. Entries.Select(entry => entry.Path)];

    /// <summary>The images in stored order.</summary>
    internal IReadOnlyList<ImageFileEntry> Entries { get; }

    /// <inheritdoc cref="ImageSet.Select"/>
    public new ImageFolderSet Select(IReadOnlyList<long> indices) => (ImageFolderSet)base.Select(indices);

    /// <inheritdoc/>
    public override ImageFileBatches Batches(ImageTransform transform, int batchSize, Augmentation augmentation) =>
        new(this, transform, batchSize, augmentation);

    internal static ImageFolderSet Create(string name, IReadOnlyList<string> classNames, IReadOnlyList<ImageFileEntry> entries, Device device, int workers)
    {
        using var scope = NewDisposeScope();
        return new ImageFolderSet(name, classNames, entries, tensor(entries.Select(entry => (long)entry.Label).ToArray()).to(device), workers);
    }

    /// <inheritdoc/>
    protected override ImageFolderSet Take(IReadOnlyList<long> indices, Tensor labels, IReadOnlyList<string> classNames)
    {
        var numbers = labels.cpu().data<long>().ToArray();
        return new ImageFolderSet(Name, classNames, [.. indices.Select((index, position) => Entries[(int)index] with { Label = (int)numbers[position] })], labels, Workers);
    }
}
