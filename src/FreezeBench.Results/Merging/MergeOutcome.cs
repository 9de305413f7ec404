namespace FreezeBench.Results.Merging;

/// <summary>What a merge added, or would add.</summary>
/// <param name="Environments">Every environment of the sources, by id in ordinal order.</param>
public sealed record MergeOutcome(IReadOnlyList<MergedEnvironment> Environments)
{
    /// <summary>Whether the target lacked anything.</summary>
    public bool HasNews => Environments.Any(environment => environment.HasNews);
}

/// <summary>What a merge added to one environment's folder.</summary>
public sealed record MergedEnvironment
{
    /// <summary>The environment id.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>Whether the target had no folder of it.</summary>
    public required bool IsNew { get; init; }

    /// <summary>Whether environment.json is new or was completed.</summary>
    public required bool RecordChanged { get; init; }

    /// <summary>Whether verification.json is new or took the place of an older one.</summary>
    public bool VerificationChanged { get; init; }

    /// <summary>Rows that were added to each file.</summary>
    public required IReadOnlyList<(string File, int Count)> Rows { get; init; }

    /// <summary>Invocations of which rows were added, in ordinal order.</summary>
    public required IReadOnlyList<string> RunIds { get; init; }

    /// <summary>Facts beside the id that differ; the target's stay. One line each.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>Whether the target lacked anything of it.</summary>
    public bool HasNews => RecordChanged || VerificationChanged || Rows.Any(file => file.Count > 0);
}
