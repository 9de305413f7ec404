namespace FreezeBench.Results.Reports;

/// <summary>Cases of one environment that differ in policy and phase alone.</summary>
public sealed record TimeGroup
{
    /// <summary>The common settings in one line: backbone, weights, data set and images of an epoch, px, batch, precision,
    /// memory format, framework where it is not torchsharp.</summary>
    public required string Settings { get; init; }

    /// <summary>A row for each policy, in the order of the policies' table.</summary>
    public required IReadOnlyList<PolicyTimes> Policies { get; init; }

    /// <summary>What else was timed in this group: (policy, phase, time in ms); feature extraction, a forward pass alone.</summary>
    public required IReadOnlyList<(string Policy, string Phase, Figure TimeMs)> Others { get; init; }
}

/// <summary>A row of the policies' table. What was not measured is null.</summary>
public sealed record PolicyTimes
{
    /// <summary>Freezing policy.</summary>
    public required string Policy { get; init; }

    /// <summary>Time of an epoch in ms.</summary>
    public Figure? EpochMs { get; init; }

    /// <summary>Training images/s in an epoch.</summary>
    public Figure? ImagesPerS { get; init; }

    /// <summary>Epoch of fine-tune divided by this one, same run; 1 for fine-tune itself.</summary>
    public Figure? SpeedUp { get; init; }

    /// <summary>Time of an undisturbed step in ms.</summary>
    public Figure? StepMs { get; init; }

    /// <summary>Peak memory in bytes of the epoch's case.</summary>
    public Figure? PeakMemoryBytes { get; init; }

    /// <summary>Energy of an epoch in J; null where nobody told.</summary>
    public Figure? EpochEnergyJ { get; init; }

    /// <summary>Who told it: the column energy_source of benchmarks.csv; null where nobody did.</summary>
    public string? EnergySource { get; init; }

    /// <summary>Phases of a step in their order (data, zero_grad, forward, loss, backward, optimizer), ms each; empty where they
    /// were not measured.</summary>
    public required IReadOnlyList<(string Phase, Figure TimeMs)> Phases { get; init; }

    /// <summary>Backward pass as a part of the step's phases, 0..1; null without phases.</summary>
    public double? BackwardShare { get; init; }

    /// <summary>Backward pass of the depth suite in ms.</summary>
    public Figure? DepthBackwardMs { get; init; }

    /// <summary>Step of the depth suite in ms.</summary>
    public Figure? DepthStepMs { get; init; }
}
