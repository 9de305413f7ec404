using FreezeBench.Images.Decoding;
using FreezeBench.Results;
using static TorchSharp.torch;

namespace FreezeBench.Images.Sets;

/// <summary>A labelled set of images before any transform: in memory (<see cref="ImageDataSet"/>) or in files (<see cref="ImageFolderSet"/>).</summary>
/// <remarks>The set owns its labels; the images are a matter of the kind.</remarks>
public abstract class ImageSet : IDisposable
{
    /// <summary>Takes ownership of the labels.</summary>
    /// <param name="name">Name written to the CSV.</param>
    /// <param name="classNames">One name for each class, in the order of the labels.</param>
    /// <param name="contentHash">SHA-256 (lower-case hex) of what is trained on.</param>
    /// <param name="labels">int64 [N], values 0 .. classes - 1.</param>
    protected ImageSet(string name, IReadOnlyList<string> classNames, string contentHash, Tensor labels)
    {
        if (labels.dtype != ScalarType.Int64 || labels.dim() != 1)
            throw new ArgumentException($"Labels are {labels.dtype} [{string.Join(", ", labels.shape)}]; int64 [N] is needed.", nameof(labels));
        (Name, ClassNames, ContentHash, Labels) = (name, classNames, contentHash, labels);
        // Owned from here on: a scope of the caller must not dispose them.
        labels.DetachFromDisposeScope();
    }

    /// <summary>Name written to the CSV.</summary>
    public string Name { get; }

    /// <summary>The classes' names in the order of the labels; <c>class-0</c> and on where nobody has named them.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Number of classes.</summary>
    public int Classes => ClassNames.Count;

    /// <summary>SHA-256 of labels and images, lower-case hex: two copies with other bytes never look alike.</summary>
    public string ContentHash { get; }

    /// <summary>int64 [N], class ids, on <see cref="Device"/>.</summary>
    public Tensor Labels { get; }

    /// <summary>Number of images.</summary>
    public int Count => (int)Labels.size(0);

    /// <summary>The device that holds the labels, and that batches are made on.</summary>
    public Device Device => Labels.device;

    /// <summary>Height and width of the network's input where nobody asks for another, in pixels.</summary>
    public abstract int DefaultResolutionPx { get; }

    /// <summary>The boxes that <see cref="Augmentation.CropFlip"/> draws for these images.</summary>
    public abstract RandomCrop Crop { get; }

    /// <summary>The images at these positions, in this order, as a set of its own on the same device with its own hash.</summary>
    /// <param name="indices">Positions in this set, at least one.</param>
    public ImageSet Select(IReadOnlyList<long> indices)
    {
        ArgumentOutOfRangeException.ThrowIfZero(indices.Count);
        using var scope = NewDisposeScope();
        return Take(indices, Labels.index_select(0, tensor(indices.ToArray()).to(Device)), ClassNames);
    }

    /// <summary>
    /// Only the images of some classes, in stored order, with labels 0 .. K - 1 in the order asked for: the first of
    /// <paramref name="classes"/> is label 0.
    /// </summary>
    /// <param name="classes">Labels of this set, each at most once, at least two (<see cref="ClassSelection.Resolve"/>).</param>
    /// <returns>A set of the caller's with its own hash.</returns>
    /// <exception cref="UserErrorException">A class has no image in this set.</exception>
    public ImageSet SelectClasses(IReadOnlyList<int> classes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes.Count, 2, nameof(classes));
        if (classes.Distinct().Count() != classes.Count || classes.Any(label => label < 0 || label >= Classes))
            throw new ArgumentException($"Classes {string.Join(", ", classes)}: each must be one of 0 to {Classes - 1}, once.", nameof(classes));
        using var scope = NewDisposeScope();
        var renumbered = classes.Select((label, position) => (label, position)).ToDictionary(pair => (long)pair.label, pair => (long)pair.position);
        var kept = Labels.cpu().data<long>().ToArray().Select((label, index) => (Label: label, Index: (long)index))
            .Where(image => renumbered.ContainsKey(image.Label)).ToList();
        // A network with a class that nobody shows it, or that no image tests, would have a row of its own and mean nothing.
        var empty = classes.Where(label => kept.TrueForAll(image => image.Label != label)).Select(label => $"'{ClassNames[label]}'").ToList();
        if (empty is not [])
            throw new UserErrorException($"No image in '{Name}' ({Count} images) is of class {string.Join(", ", empty)}. Ask for another ‹class selection›, or for more images.");
        var labels = tensor(kept.ConvertAll(image => renumbered[image.Label]).ToArray()).to(Device);
        return Take(kept.ConvertAll(image => image.Index), labels, [.. classes.Select(label => ClassNames[label])]);
    }

    /// <summary>The batches of this set, transformed, in stored order until they are shuffled; the caller disposes them, the set outlives them.</summary>
    /// <param name="transform">Resolution, normalisation, memory format, on the set's device; not owned.</param>
    /// <param name="batchSize">Images per step, 1 or more.</param>
    /// <param name="augmentation">What each epoch draws anew; <see cref="Augmentation.None"/> for test images and features.</param>
    public abstract BatchSource Batches(ImageTransform transform, int batchSize, Augmentation augmentation);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>A set of some of the images; called inside a scope that disposes everything that the set does not take.</summary>
    /// <param name="indices">Positions in this set.</param>
    /// <param name="labels">int64 [n], the labels in the new set, on this set's device.</param>
    /// <param name="classNames">What the new labels mean.</param>
    protected abstract ImageSet Take(IReadOnlyList<long> indices, Tensor labels, IReadOnlyList<string> classNames);

    /// <summary>Disposes the labels; who overrides it calls this one too.</summary>
    protected virtual void Dispose(bool disposing) => Labels.Dispose();
}
