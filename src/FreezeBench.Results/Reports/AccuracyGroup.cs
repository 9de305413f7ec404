using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Reports;

/// <summary>Training runs of one environment that differ in policy, kernels, seed and epochs alone.</summary>
public sealed record AccuracyGroup
{
    /// <summary>The common settings in one line: data set, classes, px, backbone, weights, training and test images, batch.</summary>
    public required string Settings { get; init; }

    /// <summary>Outputs of the head.</summary>
    public required int Classes { get; init; }

    /// <summary>A row for each policy and its kernels, in the order of the policies' table.</summary>
    public required IReadOnlyList<PolicyAccuracy> Policies { get; init; }
}

/// <summary>One policy's runs in a group.</summary>
public sealed record PolicyAccuracy : IOfPolicy
{
    /// <summary>Freezing policy, or probe-then-tune.</summary>
    public required string Policy { get; init; }

    /// <inheritdoc/>
    public KernelKind? Kernels { get; init; }

    /// <inheritdoc/>
    public HeadKind Head { get; init; }

    /// <summary>Seeds that finished, ascending.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>A point for each epoch that every seed has.</summary>
    public required IReadOnlyList<EpochPoint> Points { get; init; }

    /// <summary>Test accuracy after the last point, 0..1, mean over seeds. Bounds: of one seed the 95 % Wilson interval of the
    /// test images; of several the mean plus and minus t(0.975, n - 1) s / sqrt(n).</summary>
    public required Figure FinalAccuracy { get; init; }

    /// <summary>Share of the test images whose class is among the five largest outputs after the last point, 0..1, mean over seeds; bounds as those of the accuracy. Null with
    /// five classes or fewer, and where nobody counted.</summary>
    public Figure? Top5Accuracy { get; init; }

    /// <summary>Mean over the classes of the share of their test images that is correct after the last point, 0..1, mean over seeds; bounds from two seeds on. Null where nobody counted.</summary>
    public Figure? BalancedAccuracy { get; init; }

    /// <summary>A row for each class in the order of the labels; empty where all classes have as many images, and where nobody counted.</summary>
    public IReadOnlyList<ClassAccuracy> ClassAccuracies { get; init; } = [];

    /// <summary>Training time of all epochs in s, mean over seeds, evaluation apart.</summary>
    public required Figure TrainTimeS { get; init; }

    /// <summary>Test accuracy that every seed aimed at, 0..1; null where there was no target, or not one.</summary>
    public double? TargetAccuracy { get; init; }

    /// <summary>Training time up to the end of the first epoch that reached it in s, mean over seeds; null without a target, and where a seed did not reach it.</summary>
    public Figure? TargetTimeS { get; init; }

    /// <summary>Training time of the first epoch in s, which for frozen-cached includes the extraction; mean over seeds.</summary>
    public required Figure FirstEpochS { get; init; }

    /// <summary>Training time of a later epoch in s, mean over seeds and epochs; null where there is none.</summary>
    public Figure? LaterEpochS { get; init; }

    /// <summary>Energy of an epoch's training in J: the mean over all epochs and then over seeds; null where any epoch's is unknown.</summary>
    public Figure? EpochEnergyJ { get; init; }

    /// <summary>Who told it: the column energy_source of accuracy.csv; null where nobody did.</summary>
    public string? EnergySource { get; init; }
}

/// <summary>A class of the test set.</summary>
/// <param name="ClassName">Its name.</param>
/// <param name="TrainImages">Training images of it, of the first seed.</param>
/// <param name="TestImages">Test images of it, of the first seed.</param>
/// <param name="Accuracy">Share of them that is correct at the runs' end, 0..1, mean over seeds; null where there are none.</param>
public sealed record ClassAccuracy(string ClassName, int TrainImages, int TestImages, double? Accuracy);

/// <summary>All seeds after an epoch.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="MeanAccuracy">Mean test accuracy over seeds, 0..1.</param>
/// <param name="LowestAccuracy">Of the seeds' test accuracies the lowest, 0..1.</param>
/// <param name="HighestAccuracy">The highest.</param>
/// <param name="TrainTimeS">Training time up to the epoch's end in s, mean over seeds.</param>
public sealed record EpochPoint(int Epoch, double MeanAccuracy, double LowestAccuracy, double HighestAccuracy, double TrainTimeS);
