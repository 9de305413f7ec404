using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Sets;

/// <summary>All that one environment's folder holds.</summary>
public sealed record EnvironmentResults
{
    /// <summary>The folder, as a full path.</summary>
    public required string Folder { get; init; }

    /// <summary>The environment's record.</summary>
    public required EnvironmentRecord Environment { get; init; }

    /// <summary>Measured cases in the order of benchmarks.csv.</summary>
    public required IReadOnlyList<MeasuredCase> Cases { get; init; }

    /// <summary>Rows of accuracy.csv in their order.</summary>
    public required IReadOnlyList<AccuracyRow> Epochs { get; init; }

    /// <summary>Rows of runs.csv in their order.</summary>
    public required IReadOnlyList<RunRow> Runs { get; init; }

    /// <summary>Rows of remarks.csv in their order.</summary>
    public IReadOnlyList<RemarkRow> Remarks { get; init; } = [];

    /// <summary>Rows of per-class.csv in their order.</summary>
    public IReadOnlyList<PerClassRow> PerClass { get; init; } = [];

    /// <summary>Rows of mlnet.csv in their order.</summary>
    public IReadOnlyList<MlNetRow> MlNetRounds { get; init; } = [];

    /// <summary>Whether ML.NET alone was measured here.</summary>
    internal bool IsMlNetAlone => MlNetRounds.Count > 0 && Cases.Count == 0 && Epochs.Count == 0 && Runs.Count == 0;
}
