namespace FreezeBench.Results.Reports;

/// <summary>ML.NET's own way on one set of images, and frozen-cached on the same images of the same machine.</summary>
public sealed record MlNetGroup
{
    /// <summary>The images in one line: data set, classes, training and test images.</summary>
    public required string Settings { get; init; }

    /// <summary>ML.NET's ways first, then ours; of each the newest.</summary>
    public required IReadOnlyList<MlNetFigures> Ways { get; init; }
}

/// <summary>A way from images to predictions through features that are made once.</summary>
public sealed record MlNetFigures
{
    /// <summary>ML.NET with its trainer, or our policy with its head and kernels.</summary>
    public required string Name { get; init; }

    /// <summary>Network, weights and size of its images.</summary>
    public required string Network { get; init; }

    /// <summary>Images/s from files to features: reading, decoding, resizing, network; of ours the training images, whose files were decoded before. Null where they came from disk.</summary>
    public required Figure? FeatureImagesPerS { get; init; }

    /// <summary>Images/s of the network alone; null where nobody timed it.</summary>
    public required Figure? NetworkImagesPerS { get; init; }

    /// <summary>Training of the head on the features in s, all epochs.</summary>
    public required Figure TrainTimeS { get; init; }

    /// <summary>Test accuracy at the end, 0..1. Bounds: of rounds of ML.NET or of one seed Wilson's for the test images, of several seeds Student's.</summary>
    public required Figure TestAccuracy { get; init; }
}
