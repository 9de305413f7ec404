using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Comparison;

/// <summary>Compares two states of the code: cases agree in workload, settings and environment.</summary>
internal static class CommitComparison
{
    internal static ResultComparison Of(ComparedSides compared, ComparisonOptions options)
    {
        var (first, second) = (compared.First, compared.Second);
        if (!compared.IsPair)
            throw new UserErrorException($"{first.Name} and {second.Name} have rows of several machines, {string.Join(", ", compared.MachinesOf(first).Union(compared.MachinesOf(second)))}. Name one machine a side, or one commit a side, or let freezebench rank show them all.");
        var workloads = WorkloadRuns.Of([Contender.Of(first), Contender.Of(second)], (_, row) => [CaseSettings.Comparable(row)], eachNewest: true);
        var shared = workloads.Where(workload => !workload.Runs.Contains(null)).ToList();
        var spreads = shared.GroupBy(workload => workload.Settings.EnvironmentId!).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (EnvironmentId: group.Key, Spread: LaunchSpread.Of(
                group.Where(workload => !workload.Runs.Any(runs => runs!.Side.Disturbed)).Select(workload => (workload.Runs[0]!.Side.RunCentresMs, workload.Runs[1]!.Side.RunCentresMs)), options)))
            .ToList();
        List<string> remarks = [.. compared.Joined.Select(joined => joined.Note), .. NewestTaken(first, shared, 0), .. NewestTaken(second, shared, 1), .. NodeRemarks.OfSides(first.Cases, second.Cases)];
        foreach (var side in new[] { first, second })
        {
            foreach (var machine in side.Cases.GroupBy(measured => compared.Machines.Of(measured.Row.EnvironmentId).Name).OrderBy(group => group.Key, StringComparer.Ordinal))
                remarks.AddRange(NodeRemarks.Of($"{side.Name}: {machine.Key}", [.. machine.GroupBy(measured => CaseSettings.Comparable(measured.Row)).Select(runs => (runs.Key, (IReadOnlyList<MeasuredCase>)[.. runs]))], options));
        }
        var unmatched = UnmatchedCases.Of(WorkloadRuns.Alone(workloads, 0), WorkloadRuns.Alone(workloads, 1));
        var machines = compared.MachinesOf(first).Intersect(compared.MachinesOf(second)).ToList();
        return new ResultComparison
        {
            Kind = ComparisonKind.Commits,
            Base = first.Name,
            Diff = second.Name,
            BaseName = Commits(first, shared, 0),
            DiffName = Commits(second, shared, 1),
            Where = machines.Count == 1 ? machines[0] : null,
            MachineCount = machines.Count,
            Options = options,
            Cases = CaseOrder.WorstFirst(shared.Select(workload => HeldBack(workload, compared.Joined,
                CaseJudge.Judge(workload.Settings, workload.Runs[0]!.Side, workload.Runs[1]!.Side, new RunNoise(spreads.First(spread => spread.EnvironmentId == workload.Settings.EnvironmentId).Spread), options)))),
            // Environments scatter each in their own way, so that of several there is no common mean.
            Overall = spreads.Count == 1 ? OverallRatio.Of(shared.Select(workload => (workload.Settings, workload.Runs[0]!.Side, workload.Runs[1]!.Side)), new RunNoise(spreads[0].Spread), options) : null,
            Unlike = unmatched.Unlike,
            Environments = unmatched.Environments(first, second),
            BaseOnly = unmatched.BaseOnly,
            DiffOnly = unmatched.DiffOnly,
            LeftOutRuns = [.. shared.SelectMany(workload => workload.Runs).SelectMany(runs => runs!.Side.LeftOutRuns).Distinct().Order(StringComparer.Ordinal)],
            Spreads = spreads,
            Remarks = remarks,
        };
    }

    /// <summary>A change of the code is not shown where the sides may be of two machines.</summary>
    private static CaseComparison HeldBack(WorkloadRuns workload, IReadOnlyList<JoinedIds> joined, CaseComparison judged)
    {
        var why = judged.Verdict is not (Verdict.Worse or Verdict.Better) ? null
            : joined.Any(ids => !ids.IsCertain && ids.Kept == workload.Settings.EnvironmentId) ? "nobody knows whether both sides are one kind of CPU"
            : NodeRemarks.Apart(workload.Runs[0]!.Runs, workload.Runs[1]!.Runs) is { } nodes ? $"measured on unlike nodes, {nodes}" : null;
        return why is null ? judged : judged with { Verdict = Verdict.Undecided, Reason = $"would be {(judged.Verdict == Verdict.Worse ? "slower" : "faster")}, but {why}: measure both on one machine" };
    }

    private static IReadOnlyList<string> CommitsOf(IEnumerable<WorkloadRuns> shared, int place) => [.. shared.Select(workload => workload.Runs[place]!.Commit).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>That a side has older commits too; nothing where it has not.</summary>
    private static IEnumerable<string> NewestTaken(Selection side, List<WorkloadRuns> shared, int place)
    {
        var older = side.Cases.Select(measured => measured.Row.Commit).Except(CommitsOf(shared, place)).Order(StringComparer.Ordinal).ToList();
        if (older.Count > 0 || CommitsOf(shared, place).Count > 1)
            yield return $"{side.Name} was measured at several commits, and the newest of each case counts: {string.Join(", ", CommitsOf(shared, place).Select(Commit.Short))}{(older.Count == 0 ? "" : $"; another is chosen by {side.Name}@{Commit.Short(older[0])}")}.";
    }

    private static string Commits(Selection side, List<WorkloadRuns> shared, int place)
    {
        var chosen = shared.Count > 0 ? shared.Select(workload => workload.Runs[place]!.Commit) : side.Cases.Select(measured => measured.Row.Commit);
        string[] commits = [.. chosen.Distinct().Order(StringComparer.Ordinal).Select(Commit.Short)];
        return commits.Length == 1 ? commits[0] : $"{side.Name} ({string.Join(", ", commits)})";
    }
}
