using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Advising;

/// <summary>Which policy is good enough in the least time, for each data set and machine that was trained on.</summary>
public sealed record Advice
{
    /// <summary>What was asked for.</summary>
    public required AdviceOptions Options { get; init; }

    /// <summary>An answer for each group of trainings that allows one; trainings of unlike images, sizes, weights or machines are in none together.</summary>
    public required IReadOnlyList<GroupAdvice> Groups { get; init; }

    /// <summary>Groups that allow none, and why, a sentence each.</summary>
    public required IReadOnlyList<string> Refused { get; init; }

    /// <summary>Training runs that no figure is from, since they diverged or did not end, a sentence each.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }
}

/// <summary>The answer for the trainings of one environment that differ in policy, kernels, recipe, seed and epochs alone.</summary>
public sealed record GroupAdvice
{
    /// <summary>Where they ran: the environment's id.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>The machine's name for people.</summary>
    public required string Machine { get; init; }

    /// <summary>The common settings in one line.</summary>
    public required string Settings { get; init; }

    /// <summary>Images that accuracies were measured on.</summary>
    public required int TestImages { get; init; }

    /// <summary>The highest mean test accuracy after any epoch of any policy; of equals the one in less time.</summary>
    public required AdvisedPoint Best { get; init; }

    /// <summary>By the means, the point in the least training time that is near enough to the best.</summary>
    public required AdvisedPoint Choice { get; init; }

    /// <summary>What stands against the choice within the bounds: with one reason or more it is undecided which policy is meant.</summary>
    public required IReadOnlyList<string> Doubts { get; init; }

    /// <summary>Each way of training at its first point that is near enough, or else at its best; those near enough first, by time.</summary>
    public required IReadOnlyList<AdvisedPoint> Ways { get; init; }

    /// <summary>Points of all ways that no other beats in time and accuracy both, the quickest first.</summary>
    public required IReadOnlyList<AdvisedPoint> Frontier { get; init; }

    /// <summary>Fine-tune beside frozen features; null where not both were trained with the same kernels.</summary>
    public Overtaking? Overtaking { get; init; }

    /// <summary>The highest mean accuracy within the time that there is; null where nothing ends within it, or there is no bound.</summary>
    public AdvisedPoint? InBudget { get; init; }

    /// <summary>Whether the bounds tell that the choice is the one.</summary>
    public bool IsDecided => Doubts.Count == 0;
}

/// <summary>A way of training after one of its epochs.</summary>
public sealed record AdvisedPoint
{
    /// <summary>Freezing policy, with a number behind where the group has several recipes or kernels of it.</summary>
    public required string Name { get; init; }

    /// <summary>Freezing policy, or probe-then-tune.</summary>
    public required string Policy { get; init; }

    /// <summary>Whose layers.</summary>
    public required KernelKind Kernels { get; init; }

    /// <summary>What tells this way from others of the same policy; empty where it is the only one.</summary>
    public required string Recipe { get; init; }

    /// <summary>Epochs trained, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Seeds that were trained, ascending.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>Test accuracy, 0..1, the mean over seeds. Bounds at 95 %: of one seed Wilson's for the test images, of several Student's over the seeds.</summary>
    public required BoundedEstimate Accuracy { get; init; }

    /// <summary>Training time up to there in s, the mean over seeds: extraction of features included, evaluation apart.</summary>
    public required double TrainTimeS { get; init; }

    /// <summary>Whether other programs were busy meanwhile: the true time is at most this one.</summary>
    public required bool Disturbed { get; init; }

    /// <summary>Whether features came from an earlier run's extraction, whose time is missing.</summary>
    public required bool WithoutExtraction { get; init; }

    /// <summary>Accuracy of the best minus this one, 0..1, with bounds at 95 %: over seeds that both have, else Welch's over the seeds, else those of the test images.</summary>
    public required BoundedEstimate BehindBest { get; init; }

    /// <summary>Whether it is near enough to the best.</summary>
    public required Reach Reach { get; init; }
}

/// <summary>What the bounds of a distance to the best say.</summary>
public enum Reach
{
    /// <summary>Near enough, up to the far bound.</summary>
    Within,

    /// <summary>The bounds hold both.</summary>
    Undecided,

    /// <summary>Too far away, up to the near bound.</summary>
    Beyond,
}

/// <summary>When fine-tune is better than what frozen features come to at their best.</summary>
public sealed record Overtaking
{
    /// <summary>The best point of frozen-cached, or of frozen where that alone was trained.</summary>
    public required AdvisedPoint Frozen { get; init; }

    /// <summary>The first epoch of fine-tune whose mean accuracy is higher; null where no measured one is.</summary>
    public required AdvisedPoint? Overtakes { get; init; }

    /// <summary>The first epoch that is higher within the bounds too; null where none is.</summary>
    public required AdvisedPoint? ForCertain { get; init; }

    /// <summary>The epoch of fine-tune that <see cref="Lead"/> is about: the one that overtakes, else its best.</summary>
    public required AdvisedPoint Tuned { get; init; }

    /// <summary>Accuracy of <see cref="Tuned"/> minus that of <see cref="Frozen"/>, with bounds at 95 %.</summary>
    public required BoundedEstimate Lead { get; init; }
}
