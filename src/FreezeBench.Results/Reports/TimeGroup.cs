using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Reports;

/// <summary>Cases of one environment that differ in policy, kernels and phase alone.</summary>
public sealed record TimeGroup
{
    /// <summary>The common settings in one line: backbone, weights, data set and images of an epoch, px, batch, precision,
    /// memory format, framework where it is not torchsharp.</summary>
    public required string Settings { get; init; }

    /// <summary>A row for each policy and its kernels, in the order of the policies' table.</summary>
    public required IReadOnlyList<PolicyTimes> Policies { get; init; }

    /// <summary>What else was timed in this group: feature extraction, a forward pass alone.</summary>
    public required IReadOnlyList<OtherTime> Others { get; init; }

    /// <summary>How many times as fast as plain kernels the fast ones are, where one run measured both; in the order of the policies, then of what was timed.</summary>
    public IReadOnlyList<KernelGain> KernelGains { get; init; } = [];
}

/// <summary>A phase of a step.</summary>
/// <param name="Phase">Its name.</param>
/// <param name="TimeMs">Its time in ms.</param>
public sealed record PhaseTime(string Phase, Figure TimeMs);

/// <summary>Something timed that is neither an epoch nor a step nor a part of it.</summary>
/// <param name="Policy">Freezing policy.</param>
/// <param name="Kernels">Whose layers; null where the framework has its own alone.</param>
/// <param name="Phase">What.</param>
/// <param name="TimeMs">Its time in ms.</param>
public sealed record OtherTime(string Policy, KernelKind? Kernels, string Phase, Figure TimeMs) : IOfPolicy;

/// <summary>Fast kernels beside plain ones.</summary>
/// <param name="Policy">Freezing policy.</param>
/// <param name="What">What was timed: epoch, step, a phase of it, or <c>depth: backward</c> of the suite depth.</param>
/// <param name="TimesAsFast">Time with plain kernels divided by that with fast ones, both of one run.</param>
public sealed record KernelGain(string Policy, string What, Figure TimesAsFast);

/// <summary>A row of the policies' table. What was not measured is null.</summary>
public sealed record PolicyTimes : IOfPolicy
{
    /// <inheritdoc/>
    public required string Policy { get; init; }

    /// <inheritdoc/>
    public KernelKind? Kernels { get; init; }

    /// <summary>Time of an epoch in ms.</summary>
    public Figure? EpochMs { get; init; }

    /// <summary>Training images/s in an epoch.</summary>
    public Figure? ImagesPerS { get; init; }

    /// <summary>Epoch of fine-tune divided by this one, same runs and kernels; 1 for fine-tune itself.</summary>
    public Figure? SpeedUp { get; init; }

    /// <summary>Time of an undisturbed step in ms.</summary>
    public Figure? StepMs { get; init; }

    /// <summary>Peak memory in bytes of the epoch's case.</summary>
    public Figure? PeakMemoryBytes { get; init; }

    /// <summary>How it was measured: the column memory_source of benchmarks.csv; null where nobody knows.</summary>
    public MemorySource? MemorySource { get; init; }

    /// <summary>Energy of an epoch in J; null where nobody told.</summary>
    public Figure? EpochEnergyJ { get; init; }

    /// <summary>Who told it: the column energy_source of benchmarks.csv; null where nobody did.</summary>
    public string? EnergySource { get; init; }

    /// <summary>Phases of a step in their order (data, zero_grad, forward, loss, backward, optimizer), ms each; empty where they
    /// were not measured.</summary>
    public required IReadOnlyList<PhaseTime> Phases { get; init; }

    /// <summary>Backward pass as a part of the step's phases, 0..1; null without phases.</summary>
    public double? BackwardShare { get; init; }

    /// <summary>Backward pass of the depth suite in ms.</summary>
    public Figure? DepthBackwardMs { get; init; }

    /// <summary>Step of the depth suite in ms.</summary>
    public Figure? DepthStepMs { get; init; }

    /// <summary>Trainable parameters divided by all, 0..1; null where nobody counted.</summary>
    public double? TrainedShare { get; init; }

    /// <summary>Bytes of a checkpoint of what trains; null where nobody counted.</summary>
    public double? TrainedCheckpointBytes { get; init; }

    /// <summary>Time of an epoch, or of a step where no epoch was measured, divided by that of fine-tune, same run and kernels; null for fine-tune itself.</summary>
    public Figure? TimeShare { get; init; }

    /// <summary>Peak memory divided by that of fine-tune, of the same cases as the time.</summary>
    public Figure? MemoryShare { get; init; }
}
