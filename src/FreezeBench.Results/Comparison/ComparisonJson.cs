using System.Text.Json.Nodes;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Tables;

namespace FreezeBench.Results.Comparison;

/// <summary>A comparison as JSON for programs: snake_case with units, full precision, line feeds; fields are added, never renamed.</summary>
/// <remarks>
/// schema_version, base, diff; options: threshold_fraction, confidence, launch_noise_fraction, noise_floor_ms; counts by verdict;
/// cases: settings (columns of benchmarks.csv), verdict, reason, ratio, ratio_lower, ratio_upper (null where there is none),
/// very_noisy, throttled, dirty, disturbed, and base and diff with centre_ms, run_centres_ms, run_ids, sample_count; unlike: differences (name,
/// base, diff) and cases; environments: base, diff, facts; base_only and diff_only: settings; left_out_runs; launch_spread: environment_id
/// (of two machines, set-ups or frameworks their names), spread_fraction, measured; kind (commits, setups, machines, frameworks), base_name, diff_name, where (the machine that
/// both share, else null); overall (null where no case counts): the geometric mean's ratio, ratio_lower, ratio_upper, case_count, over; remarks;
/// base_libtorch and diff_libtorch (null where they do not differ).
/// </remarks>
public static class ComparisonJson
{
    /// <summary>Version of the layout.</summary>
    public const int SchemaVersion = 1;

    /// <summary>The comparison.</summary>
    public static string Write(ResultComparison comparison) => SnakeCaseJson.Of(Object(comparison));

    /// <summary>Several: an object with schema_version and comparisons.</summary>
    public static string Write(IEnumerable<ResultComparison> comparisons) => SnakeCaseJson.Of(new { SchemaVersion, Comparisons = comparisons.Select(Object) });

    private static object Object(ResultComparison comparison) => new
    {
        SchemaVersion,
        comparison.Base,
        comparison.Diff,
        Options = new
        {
            ThresholdFraction = comparison.Options.Threshold,
            comparison.Options.Confidence,
            LaunchNoiseFraction = comparison.Options.LaunchNoise,
            comparison.Options.NoiseFloorMs,
        },
        Counts = new
        {
            Worse = comparison.Count(Verdict.Worse),
            Better = comparison.Count(Verdict.Better),
            Undecided = comparison.Count(Verdict.Undecided),
            Equivalent = comparison.Count(Verdict.Equivalent),
        },
        Cases = comparison.Cases.Select(entry => Case(entry, comparison.Kind)),
        Unlike = comparison.Unlike.Select(group => new { group.Differences, Cases = group.Cases.Select(Settings) }),
        comparison.Environments,
        BaseOnly = comparison.BaseOnly.Select(Settings),
        DiffOnly = comparison.DiffOnly.Select(Settings),
        comparison.LeftOutRuns,
        LaunchSpread = comparison.Spreads.Select(spread => new { spread.EnvironmentId, SpreadFraction = spread.Spread.Prior, spread.Spread.Measured }),
        Kind = comparison.Kind.Word(),
        comparison.BaseName,
        comparison.DiffName,
        comparison.Where,
        Overall = comparison.Overall is { } overall
            ? new { Ratio = overall.Ratio.Value, RatioLower = overall.Ratio.Lower, RatioUpper = overall.Ratio.Upper, CaseCount = overall.Cases.Count, overall.Over }
            : null,
        comparison.Remarks,
        comparison.BaseLibtorch,
        comparison.DiffLibtorch,
    };

    private static object Case(CaseComparison entry, ComparisonKind kind) => new
    {
        Settings = Settings(entry.Settings),
        Verdict = ComparisonText.Word(entry.Verdict, kind),
        entry.Reason,
        Ratio = entry.Ratio?.Value,
        RatioLower = entry.Ratio?.Lower,
        RatioUpper = entry.Ratio?.Upper,
        entry.VeryNoisy,
        entry.Throttled,
        entry.Dirty,
        entry.Disturbed,
        Base = Side(entry.Base),
        Diff = Side(entry.Diff),
    };

    private static object Side(CaseSide side) => new { side.CentreMs, side.RunCentresMs, side.RunIds, side.SampleCount };

    internal static JsonObject Settings(CaseSettings settings) =>
        new(settings.Values.Select(value => KeyValuePair.Create(value.Column, (JsonNode?)JsonValue.Create(value.Text))));
}
