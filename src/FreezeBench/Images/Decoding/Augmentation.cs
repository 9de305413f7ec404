using FreezeBench.Results;

namespace FreezeBench.Images.Decoding;

/// <summary>What is changed at random about a training image, anew in every epoch. Test images are never augmented.</summary>
public sealed record Augmentation
{
    /// <summary>Nothing: the training images look as test images do.</summary>
    public static readonly Augmentation None = new("none", crops: false, flips: false);

    /// <summary>The test transform, and every second image (by chance) with left and right exchanged.</summary>
    public static readonly Augmentation Flip = new("flip", crops: false, flips: true);

    /// <summary>A random box of the image (<see cref="RandomCrop"/>) in place of the test transform, and the flip.</summary>
    public static readonly Augmentation CropFlip = new("crop-flip", crops: true, flips: true);

    private Augmentation(string name, bool crops, bool flips) => (Name, Crops, Flips) = (name, crops, flips);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Augmentation> All { get; } = [None, Flip, CropFlip];

    /// <summary>The names, for help texts, parsers and messages.</summary>
    public static string ValidNames { get; } = string.Join(", ", All.Select(augmentation => augmentation.Name));

    /// <summary>The name in options and rows.</summary>
    public string Name { get; }

    /// <summary>Whether a random box is cut out.</summary>
    public bool Crops { get; }

    /// <summary>Whether left and right change places with probability 1/2.</summary>
    public bool Flips { get; }

    /// <summary>Whether an epoch's images differ from the stored ones.</summary>
    public bool ChangesImages => Crops || Flips;

    /// <summary>Finds an augmentation by its exact name.</summary>
    /// <exception cref="UserErrorException">The name is none of <see cref="ValidNames"/>.</exception>
    public static Augmentation Parse(string name) => All.FirstOrDefault(augmentation => augmentation.Name == name)
        ?? throw new UserErrorException($"Unknown augmentation '{name}'. Valid values: {ValidNames}.");

    /// <inheritdoc/>
    public override string ToString() => Name;
}
