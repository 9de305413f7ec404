using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Comparison;

/// <summary>Two sides, and what they differ by.</summary>
/// <param name="First">BASE.</param>
/// <param name="Second">DIFF.</param>
/// <param name="Machines">The machines of both.</param>
/// <param name="Kind">Where they share a machine and on it a framework: set-ups if they share a workload and in none of it threads, memory format and software, else commits.
/// Frameworks where they share a machine alone, else machines.</param>
public sealed record ComparedSides(Selection First, Selection Second, KnownMachines Machines, ComparisonKind Kind)
{
    /// <summary>Of two commits, the ids of DIFF that have become those of BASE.</summary>
    internal IReadOnlyList<JoinedIds> Joined { get; init; } = [];

    /// <summary>Finds out.</summary>
    public static ComparedSides Of(Selection first, Selection second)
    {
        var machines = KnownMachines.Of(first.Environments.Concat(second.Environments));
        var (mine, theirs) = (Places(first, machines), Places(second, machines));
        if (!mine.Overlaps(theirs))
            return new ComparedSides(first, second, machines, mine.Select(place => place.Machine).Intersect(theirs.Select(place => place.Machine)).Any() ? ComparisonKind.Frameworks : ComparisonKind.Machines);
        var (joined, ids) = JoinedIds.Of(first, second);
        bool Share(Func<BenchmarkRow, CaseSettings> settings) => first.Cases.Select(measured => settings(measured.Row)).ToHashSet().Overlaps(joined.Cases.Select(measured => settings(measured.Row)));
        return Share(CaseSettings.Workload) && !Share(CaseSettings.Comparable)
            ? new ComparedSides(first, second, machines, ComparisonKind.Setups)
            : new ComparedSides(first, joined, machines, ComparisonKind.Commits) { Joined = ids };
    }

    /// <summary>Whether each side is one machine, or one framework on it, so that there is one ratio a workload. Two commits may be on several machines, each side one commit.</summary>
    public bool IsPair => Kind switch
    {
        ComparisonKind.Commits when CommitsOf(First) is [var mine] && CommitsOf(Second) is [var theirs] && mine != theirs => true,
        ComparisonKind.Commits or ComparisonKind.Setups or ComparisonKind.Machines => MachinesOf(First).Count == 1 && MachinesOf(Second).Count == 1,
        _ => MachinesOf(First).Concat(MachinesOf(Second)).Distinct().Count() == 1 && FrameworksOf(First).Count == 1 && FrameworksOf(Second).Count == 1,
    };

    /// <summary>Names of a side's machines.</summary>
    internal IReadOnlyList<string> MachinesOf(Selection side) => [.. side.Cases.Select(measured => Machines.Of(measured.Row.EnvironmentId).Name).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>A side's frameworks, as its rows name them.</summary>
    internal static IReadOnlyList<string> FrameworksOf(Selection side) => [.. side.Cases.Select(measured => measured.Row.Framework).Distinct().Order(StringComparer.Ordinal)];

    private static IReadOnlyList<string> CommitsOf(Selection side) => [.. side.Cases.Select(measured => measured.Row.Commit).Distinct()];

    private static HashSet<(string Machine, string Framework)> Places(Selection side, KnownMachines machines) =>
        [.. side.Cases.Select(measured => (machines.Of(measured.Row.EnvironmentId).Ids[0], measured.Row.Framework))];
}
