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
    public static Selection Of(string name, ResultSet set, Func<MeasuredCase, bool>? chosen = null)
    {
        ArgumentNullException.ThrowIfNull(set);
        return new Selection
        {
            Name = name,
            Cases = [.. set.Environments.SelectMany(environment => environment.Cases).Where(chosen ?? (_ => true))],
            Environments = [.. set.Environments.Select(environment => environment.Environment)],
            RemarkedRuns = Disturbance.RemarkedRuns(set.Environments.SelectMany(environment => environment.Remarks)),
        };
    }

    /// <summary>The runs of each case; disturbed ones only where it has no other.</summary>
    /// <exception cref="UserErrorException">A case is there twice in a run, or was measured at several commits: then nobody knows
    /// which is meant.</exception>
    internal Dictionary<CaseSettings, CaseSide> Sides()
    {
        var groups = Cases.GroupBy(measured => CaseSettings.Comparable(measured.Row)).ToList();
        foreach (var group in groups)
        {
            string[] commits = [.. group.Select(run => run.Row.Commit).Distinct().Order(StringComparer.Ordinal)];
            if (commits.Length > 1)
                throw new UserErrorException($"{Name} has {group.Key.Suite} {group.Key.Name} at {commits.Length} commits: {string.Join(", ", commits.Select(Commit.Short))}. Choose one: {Name}@{Commit.Short(commits[0])}.");
            if (group.GroupBy(run => run.Row.RunId).FirstOrDefault(rows => rows.Count() > 1) is { } twice)
                throw new UserErrorException($"{Name} has {group.Key.Suite} {group.Key.Name} twice in the run {twice.Key}. Run 'freezebench check' on the folder; a row may have been copied.");
        }
        return groups.ToDictionary(group => group.Key, group => SoundRuns.Of([.. group], RemarkedRuns).Side());
    }
}
