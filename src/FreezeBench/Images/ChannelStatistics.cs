namespace FreezeBench.Images;

/// <summary>What a network's inputs are normalised with: the statistics of the images that its weights were trained on.</summary>
public sealed record ChannelStatistics
{
    /// <param name="mean">Mean of red, green and blue, in 0 .. 1.</param>
    /// <param name="standardDeviation">Standard deviation of each, above 0, in the same unit.</param>
    public ChannelStatistics(IReadOnlyList<float> mean, IReadOnlyList<float> standardDeviation)
    {
        if (mean.Count != 3 || !mean.All(float.IsFinite))
            throw new ArgumentException($"The means are {string.Join(", ", mean)}; 3 finite numbers are needed.", nameof(mean));
        if (standardDeviation.Count != 3 || !standardDeviation.All(value => float.IsFinite(value) && value > 0))
            throw new ArgumentException($"The standard deviations are {string.Join(", ", standardDeviation)}; 3 numbers above 0 are needed.", nameof(standardDeviation));
        (Mean, StandardDeviation) = (mean, standardDeviation);
    }

    /// <summary>Those of ImageNet's training set (torchvision's <c>IMAGENET1K_V1</c> transforms).</summary>
    public static ChannelStatistics ImageNet { get; } = new([0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f]);

    /// <summary>Mean of red, green and blue, in 0 .. 1.</summary>
    public IReadOnlyList<float> Mean { get; }

    /// <summary>Standard deviation of red, green and blue, in the same unit.</summary>
    public IReadOnlyList<float> StandardDeviation { get; }

    /// <summary>What is subtracted where it is not the same for all pixels; <see cref="Mean"/> is its mean then. Null: <see cref="Mean"/>.</summary>
    public MeanImage? MeanImage { get; init; }
}
