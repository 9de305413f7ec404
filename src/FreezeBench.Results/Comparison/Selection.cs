using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Comparison;

/// <summary>One side of a comparison.</summary>
public sealed record Selection
{
    /// <summary>The word that chose it, as the user wrote it.</summary>
    public required string Name { get; init; }

    /// <summary>Its rows with their samples.</summary>
    public required IReadOnlyList<MeasuredCase> Cases { get; init; }

    /// <summary>The environments that the rows name.</summary>
    public required IReadOnlyList<EnvironmentRecord> Environments { get; init; }

    /// <summary>Ids of runs during which the machine had other work, as remarks.csv says.</summary>
    public IReadOnlySet<string> RemarkedRuns { get; init; } = new HashSet<string>();

    /// <summary>All of a set, or its rows for which <paramref name="chosen"/> holds.</summary>
    public static Selection Of(string name, ResultSet set, Func<MeasuredCase, bool>? chosen = null) => new Selection
    {
        Name = name,
        Cases = [.. set.Environments.SelectMany(environment => environment.Cases).Where(chosen ?? (_ => true))],
        Environments = [.. set.Environments.Select(environment => environment.Environment)],
        RemarkedRuns = Disturbance.RemarkedRuns(set.Environments.SelectMany(environment => environment.Remarks)),
    };
}
