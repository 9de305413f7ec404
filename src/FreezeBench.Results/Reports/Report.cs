namespace FreezeBench.Results.Reports;

/// <summary>All that the report says, ready to be written as HTML, Markdown or JSON.</summary>
public sealed record Report
{
    /// <summary>The answer on one screen.</summary>
    public required Overview Overview { get; init; }

    /// <summary>One for each environment, by id in ordinal order.</summary>
    public required IReadOnlyList<EnvironmentReport> Environments { get; init; }

    /// <summary>Environments side by side; only settings measured in two environments or more.</summary>
    public required IReadOnlyList<Matrix> Matrices { get; init; }
}

/// <summary>One environment's part.</summary>
public sealed record EnvironmentReport
{
    /// <summary>The environment id.</summary>
    public required string Id { get; init; }

    /// <summary>A name for people: the GPU's, or the CPU's with its cores.</summary>
    public required string Name { get; init; }

    /// <summary>Facts of environment.json worth a line each, in reading order.</summary>
    public required IReadOnlyList<EnvironmentFact> Facts { get; init; }

    /// <summary>The answer in one sentence: how much faster a frozen epoch is, with bounds, and what it costs in accuracy; what
    /// was not measured is said to be so.</summary>
    public required string Answer { get; init; }

    /// <summary>Measured times, a group for each set of settings, the richest first.</summary>
    public required IReadOnlyList<TimeGroup> Times { get; init; }

    /// <summary>Trained accuracies, a group for each set of settings, the richest first.</summary>
    public required IReadOnlyList<AccuracyGroup> Accuracies { get; init; }

    /// <summary>Throughput by batch size or resolution; only series of two points or more.</summary>
    public required IReadOnlyList<ScalingSeries> Scaling { get; init; }

    /// <summary>ML.NET's own way beside our features of the same images, by settings; empty where ML.NET was not measured.</summary>
    public IReadOnlyList<MlNetGroup> BesideMlNet { get; init; } = [];

    /// <summary>Whether ML.NET alone was measured in this environment, which is one of its own.</summary>
    public bool IsMlNetAlone => BesideMlNet.Count > 0 && Times.Count == 0 && Accuracies.Count == 0;

    /// <summary>Runs whose times other work on the machine disturbed, as remarks.csv says, by run id.</summary>
    public IReadOnlyList<DisturbedRun> DisturbedRuns { get; init; } = [];

    /// <summary>Training runs that diverged, by run id.</summary>
    public IReadOnlyList<DivergedRun> DivergedRuns { get; init; } = [];
}

/// <summary>A fact of an environment in words.</summary>
/// <param name="Name">What.</param>
/// <param name="Value">Its value.</param>
public sealed record EnvironmentFact(string Name, string Value);

/// <summary>A run whose times say nothing.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Reason">Why.</param>
public sealed record DisturbedRun(string RunId, string Reason);
