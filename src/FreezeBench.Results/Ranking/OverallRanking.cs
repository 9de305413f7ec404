using FreezeBench.Results.Comparison;

namespace FreezeBench.Results.Ranking;

/// <summary>Ranks contenders over the workloads that count.</summary>
internal sealed class OverallRanking
{
    private readonly IReadOnlyList<Contender> contenders;
    private readonly IReadOnlyList<WorkloadRuns> counted;
    private readonly IReadOnlyList<LaunchSpread> spreads;
    private readonly ComparisonOptions options;
    private readonly bool commonToAll;

    internal OverallRanking(IReadOnlyList<Contender> contenders, IReadOnlyList<WorkloadRuns> workloads, IReadOnlyList<LaunchSpread> spreads, ComparisonOptions options)
    {
        (this.contenders, this.spreads, this.options) = (contenders, spreads, options);
        WorkloadRuns[] timed = [.. workloads.Where(workload => workload.Runs.Count(runs => Time(runs) is not null) > 1)];
        WorkloadRuns[] whole = [.. timed.Where(workload => workload.Settings.IsWhole)];
        var (cases, _) = CountedCases.Of(timed, workload => workload.Settings);
        // A machine that has none of the standard workloads is ranked by the others rather than not at all.
        if (Order(cases).Count < Order(whole).Count)
            cases = whole;
        var common = cases.Where(workload => workload.Runs.All(runs => Time(runs) is not null)).ToList();
        (counted, commonToAll) = common.Count > 0 ? (common, true) : (cases, false);
    }

    /// <summary>The fastest first; contenders that nothing connects with these last.</summary>
    internal IReadOnlyList<RankedContender> Sorted()
    {
        var sorted = Order(counted);
        if (sorted.Count < 2)
            sorted = [];
        var ranks = Ranks.Of(sorted, (first, second) => Ratio(first, second)?.Ratio);
        return
        [
            .. sorted.Select((place, index) => new RankedContender(contenders[place], index == 0 ? null : Ratio(sorted[0], place), ranks[index])),
            .. Enumerable.Range(0, contenders.Count).Except(sorted).Select(place => new RankedContender(contenders[place], null, null)),
        ];
    }

    private IReadOnlyList<int> Order(IReadOnlyList<WorkloadRuns> cases) =>
        MachineEffects.Order(contenders.Count, [.. cases.Select(workload => (IReadOnlyList<double?>)[.. workload.Runs.Select(Time)])]);

    /// <summary>Over the workloads that all share, else over those that these two do.</summary>
    private OverallRatio? Ratio(int first, int second) => OverallRatio.Of(
        counted.Where(workload => commonToAll || (Time(workload.Runs[first]) is not null && Time(workload.Runs[second]) is not null))
            .Select(workload => (workload.Settings, workload.Runs[first]!.Side, workload.Runs[second]!.Side)),
        new RunNoise(spreads[first], spreads[second]), options);

    private double? Time(ChosenRuns? runs) => runs is { Side: { Disturbed: false, CentreMs: var time } } && time > 0 && time >= options.NoiseFloorMs ? time : null;
}
