using FreezeBench.Results.Comparison;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Tables;

namespace FreezeBench.Results.Ranking;

/// <summary>A ranking for programs, in full precision; fields and columns are added, never renamed.</summary>
public static class RankingData
{
    /// <summary>Version of the layout of the JSON.</summary>
    public const int SchemaVersion = 1;

    /// <summary>One object: schema_version, kind, confidence; overall: rank (null: none), name, environment_ids, ratio_to_first, ratio_lower, ratio_upper, workload_count,
    /// over; workloads: settings (columns of benchmarks.csv) and times: rank, name, time_ms, run_times_ms, run_ids, commit, ratio_to_first, ratio_lower,
    /// ratio_upper; unshared_workloads; remarks.</summary>
    public static string Json(MachineRanking ranking) => SnakeCaseJson.Of(new
    {
        SchemaVersion,
        Kind = ranking.Kind.Word(),
        ranking.Options.Comparison.Confidence,
        Overall = ranking.Overall.Select(entry => new
        {
            entry.Rank,
            entry.Contender.Name,
            EnvironmentIds = entry.Contender.Machine.Ids,
            RatioToFirst = entry.ToFirst?.Ratio.Value,
            RatioLower = entry.ToFirst?.Ratio.Lower,
            RatioUpper = entry.ToFirst?.Ratio.Upper,
            WorkloadCount = entry.ToFirst?.Cases.Count,
            entry.ToFirst?.Over,
        }),
        Workloads = ranking.Workloads.Select(workload => new
        {
            Settings = ComparisonJson.Settings(workload.Settings),
            Times = workload.Times.Select(time => new
            {
                time.Rank,
                time.Contender.Name,
                TimeMs = time.Runs.Side.CentreMs,
                RunTimesMs = time.Runs.Side.RunCentresMs,
                time.Runs.Side.RunIds,
                time.Runs.Commit,
                RatioToFirst = time.ToFirst?.Value,
                RatioLower = time.ToFirst?.Lower,
                RatioUpper = time.ToFirst?.Upper,
            }),
        }),
        UnsharedWorkloads = ranking.Unshared,
        ranking.Remarks,
    });

    /// <summary>A row for each machine in each workload; first those of the geometric mean, whose suite is <c>overall</c>.</summary>
    public static string Csv(MachineRanking ranking)
    {
        return CsvTable.Of([.. ComparisonCsv.SettingColumns, "rank", "name", "environment_ids", "time_ms", "ratio_to_first", "ratio_lower", "ratio_upper", "runs", "commit"],
        [
            .. ranking.Overall.Select(entry => (IReadOnlyList<object?>)
            [
                .. ComparisonCsv.Cells(new CaseSettings("overall")), entry.Rank, entry.Contender.Name, Ids(entry.Contender), null,
                entry.ToFirst?.Ratio.Value, entry.ToFirst?.Ratio.Lower, entry.ToFirst?.Ratio.Upper, RankingLines.Runs(ranking, entry.Contender), null,
            ]),
            .. ranking.Workloads.SelectMany(workload => workload.Times.Select(time => (IReadOnlyList<object?>)
            [
                .. ComparisonCsv.Cells(workload.Settings with { MemoryFormat = time.Runs.Side.Way.MemoryFormat, Threads = time.Runs.Side.Way.Threads }), time.Rank, time.Contender.Name, Ids(time.Contender), time.Runs.Side.CentreMs,
                time.ToFirst?.Value, time.ToFirst?.Lower, time.ToFirst?.Upper, time.Runs.Side.RunIds.Count, time.Runs.Commit,
            ])),
        ]);
    }

    private static string Ids(Contender contender) => string.Join('+', contender.Machine.Ids);
}
