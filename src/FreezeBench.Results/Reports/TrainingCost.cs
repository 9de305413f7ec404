using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Reports;

/// <summary>What a policy's training costs in EUR: its seconds by the machine's price of an hour, mean over seeds.</summary>
public sealed record TrainingCost : IOfPolicy
{
    private const double SecondsPerHour = 3600;

    /// <inheritdoc/>
    public required string Policy { get; init; }

    /// <inheritdoc/>
    public required KernelKind? Kernels { get; init; }

    /// <inheritdoc/>
    public required HeadKind Head { get; init; }

    /// <summary>Test accuracy at the end, 0..1.</summary>
    public required double Accuracy { get; init; }

    /// <summary>Of all epochs.</summary>
    public required double AllEpochsEur { get; init; }

    /// <summary>Of an epoch, the mean of all: an extraction of features is in it.</summary>
    public required double EpochEur { get; init; }

    /// <summary>The test accuracy that was aimed at, 0..1; null where there was no target.</summary>
    public required double? TargetAccuracy { get; init; }

    /// <summary>Up to the end of the first epoch that reached it; null without a target, and where a seed did not reach it.</summary>
    public required double? TargetEur { get; init; }

    internal static TrainingCost Of(PolicyAccuracy policy, double eurPerHour) => new()
    {
        Policy = policy.Policy,
        Kernels = policy.Kernels,
        Head = policy.Head,
        Accuracy = policy.FinalAccuracy.Value,
        AllEpochsEur = policy.TrainTimeS.Value * eurPerHour / SecondsPerHour,
        EpochEur = policy.TrainTimeS.Value * eurPerHour / SecondsPerHour / Math.Max(1, policy.Points.Count),
        TargetAccuracy = policy.TargetAccuracy,
        TargetEur = policy.TargetTimeS?.Value * eurPerHour / SecondsPerHour,
    };
}
