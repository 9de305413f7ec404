using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Comparison;

/// <summary>Two selections of results, case by case.</summary>
public sealed record ResultComparison
{
    /// <summary>The word that chose BASE.</summary>
    public required string Base { get; init; }

    /// <summary>The word that chose DIFF.</summary>
    public required string Diff { get; init; }

    /// <summary>Thresholds of the verdicts.</summary>
    public required ComparisonOptions Options { get; init; }

    /// <summary>Cases measured on both sides at the same settings in the same environment: by suite, then verdict (worst first), then
    /// size of the change.</summary>
    public required IReadOnlyList<CaseComparison> Cases { get; init; }

    /// <summary>Cases of both sides that get no ratio, with what differs.</summary>
    public required IReadOnlyList<UnlikeCases> Unlike { get; init; }

    /// <summary>Environments of those cases, with the facts that differ.</summary>
    public required IReadOnlyList<UnlikeEnvironments> Environments { get; init; }

    /// <summary>Cases that BASE alone has.</summary>
    public required IReadOnlyList<CaseSettings> BaseOnly { get; init; }

    /// <summary>Cases that DIFF alone has.</summary>
    public required IReadOnlyList<CaseSettings> DiffOnly { get; init; }

    /// <summary>Ids of disturbed runs whose rows were left out because the case has other runs, in ordinal order.</summary>
    public required IReadOnlyList<string> LeftOutRuns { get; init; }

    /// <summary>The scatter from run to run that the bounds suppose, by environment id in ordinal order.</summary>
    public required IReadOnlyList<(string EnvironmentId, LaunchSpread Spread)> Spreads { get; init; }

    /// <summary>Cases of BASE that have no counterpart in DIFF: a benchmark that vanished hides its regression.</summary>
    public int MissingCount => BaseOnly.Count + Unlike.Sum(group => group.Cases.Count);

    /// <summary>How many cases have a verdict.</summary>
    public int Count(Verdict verdict) => Cases.Count(comparison => comparison.Verdict == verdict);

    /// <summary>Compares two sides.</summary>
    /// <exception cref="UserErrorException">A side has no benchmark, a case twice in one run or at several commits; or an option is
    /// not valid.</exception>
    public static ResultComparison Of(Selection first, Selection second, ComparisonOptions options)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        ArgumentNullException.ThrowIfNull(options);
        options = options.Validated();
        foreach (var side in new[] { first, second }.Where(side => side.Cases.Count == 0))
            throw new UserErrorException($"{side.Name} holds no row of benchmarks.csv. Measure with the benchmarks first; accuracy runs are not compared.");

        var (bases, diffs) = (first.Sides(), second.Sides());
        var common = bases.Keys.Where(diffs.ContainsKey).ToList();
        var spreads = common.GroupBy(settings => settings.EnvironmentId!).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (EnvironmentId: group.Key, Spread: LaunchSpread.Of(
                group.Where(settings => !bases[settings].Disturbed && !diffs[settings].Disturbed).Select(settings => (bases[settings].RunCentresMs, diffs[settings].RunCentresMs)), options)))
            .ToList();
        var unmatched = UnmatchedCases.Of([.. bases.Keys.Except(common)], [.. diffs.Keys.Except(common)]);
        return new ResultComparison
        {
            Base = first.Name,
            Diff = second.Name,
            Options = options,
            Cases = [.. common
                .Select(settings => CaseJudge.Judge(settings, bases[settings], diffs[settings], spreads.First(spread => spread.EnvironmentId == settings.EnvironmentId).Spread, options))
                .OrderBy(comparison => comparison.Settings.Suite, StringComparer.Ordinal).ThenBy(comparison => comparison.Verdict)
                .ThenByDescending(comparison => Math.Abs(Math.Log(comparison.Ratio?.Value ?? 1)))
                .ThenBy(comparison => comparison.Settings.Key, StringComparer.Ordinal)],
            Unlike = unmatched.Unlike,
            Environments = unmatched.Environments(first, second),
            BaseOnly = unmatched.BaseOnly,
            DiffOnly = unmatched.DiffOnly,
            LeftOutRuns = [.. new[] { (Side: first, Runs: bases), (Side: second, Runs: diffs) }
                .SelectMany(side => side.Side.Cases.Select(measured => measured.Row.RunId).Where(side.Side.DisturbedRuns.Contains)
                    .Except(side.Runs.Values.SelectMany(runs => runs.RunIds)))
                .Distinct().Order(StringComparer.Ordinal)],
            Spreads = spreads,
        };
    }
}
