using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Comparison;

/// <summary>One workload on every contender that has it.</summary>
/// <param name="Settings">What it computes.</param>
/// <param name="Runs">For each contender, in their order, the runs that stand for it; null where it has none.</param>
public sealed record WorkloadRuns(CaseSettings Settings, IReadOnlyList<ChosenRuns?> Runs)
{
    /// <summary>The workloads of the contenders, by the settings' key.</summary>
    /// <remarks>
    /// Of several commits the newest that all contenders with the workload have, else the newest of each; of several versions of the software
    /// the newest; of several ways to do it (threads, memory format) the one that is fastest there. What was chosen is told in the notes.
    /// Disturbed runs count only where a contender has no other.
    /// </remarks>
    /// <param name="contenders">One or more.</param>
    /// <param name="workloads">The workloads that a row of a contender stands for.</param>
    /// <param name="eachNewest">Whether of several commits the newest of each contender is taken, since it is the code that is compared.</param>
    internal static IReadOnlyList<WorkloadRuns> Of(IReadOnlyList<Contender> contenders, Func<Contender, BenchmarkRow, IEnumerable<CaseSettings>> workloads, bool eachNewest = false)
    {
        var rows = contenders.Select((contender, place) => (contender, place))
            .SelectMany(pair => pair.contender.Cases.SelectMany(measured => workloads(pair.contender, measured.Row).Select(settings => (Settings: settings, Place: pair.place, Measured: measured))));
        return
        [
            .. rows.GroupBy(row => row.Settings).OrderBy(group => group.Key.Key, StringComparer.Ordinal).Select(group =>
            {
                var sound = group.GroupBy(row => row.Place).ToDictionary(of => of.Key, of => SoundRuns.Of([.. of.Select(row => row.Measured)], contenders[of.Key].RemarkedRuns));
                var common = eachNewest ? null : NewestOf(sound.Values.SelectMany(sides => sides.Runs).Where(run => sound.Values.All(others => others.Runs.Any(other => other.Row.Commit == run.Row.Commit))));
                return new WorkloadRuns(group.Key, [.. contenders.Select((contender, place) => sound.TryGetValue(place, out var runs) ? Chosen(contender, runs, common) : null)]);
            }),
        ];
    }

    /// <summary>What a contender alone has.</summary>
    internal static IReadOnlyList<CaseSettings> Alone(IReadOnlyList<WorkloadRuns> all, int place) => [.. all.Where(workload => workload.Runs[place] is not null && workload.Runs.Contains(null)).Select(workload => workload.Settings)];

    private static string? NewestOf(IEnumerable<MeasuredCase> runs) =>
        runs.OrderByDescending(run => run.Row.UtcTime).ThenBy(run => run.Row.Commit, StringComparer.Ordinal).FirstOrDefault()?.Row.Commit;

    private static ChosenRuns Chosen(Contender contender, SoundRuns runs, string? common)
    {
        var commit = common ?? NewestOf(runs.Runs);
        var software = runs.Runs.Where(run => run.Row.Commit == commit).GroupBy(run => contender.SoftwareOf(run.Row))
            .MaxBy(group => group.Max(run => run.Row.RunId), StringComparer.Ordinal)!;
        var way = software.GroupBy(run => CaseSettings.Comparable(run.Row) with { EnvironmentId = null })
            .OrderBy(group => group.Average(run => run.Row.MedianMs)).ThenBy(group => group.Key.Key, StringComparer.Ordinal).First().ToList();
        if (way.GroupBy(run => run.Row.RunId).FirstOrDefault(rows => rows.Count() > 1) is { } twice)
            throw new UserErrorException($"{contender.Name} has {way[0].Row.Suite} {way[0].Row.Policy} {way[0].Row.Phase} twice in the run {twice.Key}. Run 'freezebench check' on the folder; a row may have been copied.");
        return new ChosenRuns(runs.Side(way), way);
    }
}
