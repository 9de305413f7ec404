namespace FreezeBench.Results.Reports;

/// <summary>Environments side by side at the same settings. Numbers stand beside each other; no ratio crosses environments.</summary>
public sealed record Matrix
{
    /// <summary>The common settings in one line.</summary>
    public required string Settings { get; init; }

    /// <summary>A row for each environment, by id.</summary>
    public required IReadOnlyList<MatrixRow> Rows { get; init; }
}

/// <summary>One environment in a matrix.</summary>
/// <param name="EnvironmentId">The environment id.</param>
/// <param name="Name">A name for people.</param>
/// <param name="Policies">A cell for each policy measured there.</param>
public sealed record MatrixRow(string EnvironmentId, string Name, IReadOnlyList<PolicyTimes> Policies);
