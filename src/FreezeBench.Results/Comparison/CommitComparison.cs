using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Comparison;

/// <summary>Compares two states of the code: cases agree in workload, settings and environment.</summary>
internal static class CommitComparison
{
    internal static ResultComparison Of(ComparedSides compared, ComparisonOptions options)
    {
        var remarks = new List<string>();
        var (first, second) = (compared.First, WithIdsOf(compared.First, compared.Second, remarks));
        var (bases, diffs) = (first.Sides(), second.Sides());
        var common = bases.Keys.Where(diffs.ContainsKey).ToList();
        var spreads = common.GroupBy(settings => settings.EnvironmentId!).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (EnvironmentId: group.Key, Spread: LaunchSpread.Of(
                group.Where(settings => !bases[settings].Disturbed && !diffs[settings].Disturbed).Select(settings => (bases[settings].RunCentresMs, diffs[settings].RunCentresMs)), options)))
            .ToList();
        remarks.AddRange(NodeRemarks.OfSides(first.Cases, second.Cases));
        foreach (var side in new[] { first, second })
        {
            foreach (var machine in side.Cases.GroupBy(measured => compared.Machines.Of(measured.Row.EnvironmentId).Name).OrderBy(group => group.Key, StringComparer.Ordinal))
                remarks.AddRange(NodeRemarks.Of($"{side.Name}: {machine.Key}", [.. machine.GroupBy(measured => CaseSettings.Comparable(measured.Row)).Select(runs => (runs.Key, (IReadOnlyList<Sets.MeasuredCase>)[.. runs]))], options));
        }
        var unmatched = UnmatchedCases.Of([.. bases.Keys.Except(common)], [.. diffs.Keys.Except(common)]);
        var machines = compared.MachinesOf(first).Intersect(compared.MachinesOf(second)).ToList();
        return new ResultComparison
        {
            Kind = ComparisonKind.Commits,
            Base = first.Name,
            Diff = second.Name,
            BaseName = Commits(first),
            DiffName = Commits(second),
            Where = machines.Count == 1 ? machines[0] : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{machines.Count} machines"),
            Options = options,
            Cases = CaseOrder.WorstFirst(common.Select(settings =>
                CaseJudge.Judge(settings, bases[settings], diffs[settings], new RunNoise(spreads.First(spread => spread.EnvironmentId == settings.EnvironmentId).Spread), options))),
            // Environments scatter each in their own way, so that of several there is no common mean.
            Overall = spreads.Count == 1 ? OverallRatio.Of(common.Select(settings => (settings, bases[settings], diffs[settings])), new RunNoise(spreads[0].Spread), options) : null,
            Unlike = unmatched.Unlike,
            Environments = unmatched.Environments(first, second),
            BaseOnly = unmatched.BaseOnly,
            DiffOnly = unmatched.DiffOnly,
            LeftOutRuns = [.. common.SelectMany(settings => bases[settings].LeftOutRuns.Concat(diffs[settings].LeftOutRuns)).Distinct().Order(StringComparer.Ordinal)],
            Spreads = spreads,
            Remarks = remarks,
        };
    }

    /// <summary>The side with the other's environment ids, where two ids say the same of everything that can change a speed.</summary>
    /// <remarks>An id that both sides have stays: its rows have a partner already. So does one that could be joined with several.</remarks>
    private static Selection WithIdsOf(Selection first, Selection second, List<string> remarks)
    {
        var (mine, theirs) = (Ids(first), Ids(second));
        Dictionary<string, string> renamed = [];
        var records = first.Environments.Concat(second.Environments).Where(record => mine.Contains(record.Id) != theirs.Contains(record.Id));
        foreach (var group in FactJoin.Groups(records, Facts))
        {
            if (group.Count != 2 || mine.Contains(group[0].Id) == mine.Contains(group[1].Id))
                continue;
            var (old, other) = mine.Contains(group[0].Id) ? (group[0].Id, group[1].Id) : (group[1].Id, group[0].Id);
            renamed.Add(other, old);
            remarks.Add($"{old} and {other} are one environment: what sets the ids apart changes no speed, or was not known yet.");
        }
        return renamed.Count == 0 ? second : second with
        {
            Cases = [.. second.Cases.Select(measured => renamed.TryGetValue(measured.Row.EnvironmentId, out var id) ? measured with { Row = measured.Row with { EnvironmentId = id } } : measured)],
        };
    }

    private static HashSet<string> Ids(Selection side) => [.. side.Cases.Select(measured => measured.Row.EnvironmentId)];

    /// <summary>The lines of today's id, the version's apart.</summary>
    private static IReadOnlyList<string> Facts(EnvironmentRecord record) =>
        [.. EnvironmentId.Canonical(record with { SchemaVersion = EnvironmentRecord.CurrentSchemaVersion }).TrimEnd('\n').Split('\n').Skip(1).Select(line => line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..])];

    private static string Commits(Selection side)
    {
        string[] commits = [.. side.Cases.Select(measured => measured.Row.Commit).Distinct().Order(StringComparer.Ordinal).Select(Commit.Short)];
        return commits.Length == 1 ? commits[0] : $"{side.Name} ({string.Join(", ", commits)})";
    }
}
