using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Comparison;

/// <summary>Two selections of results, case by case.</summary>
public sealed record ResultComparison
{
    /// <summary>The word that chose BASE.</summary>
    public required string Base { get; init; }

    /// <summary>The word that chose DIFF.</summary>
    public required string Diff { get; init; }

    /// <summary>What the sides differ by.</summary>
    public required ComparisonKind Kind { get; init; }

    /// <summary>What people call BASE: its machine, or its framework; its commit where the code is compared.</summary>
    public required string BaseName { get; init; }

    /// <summary>What people call DIFF.</summary>
    public required string DiffName { get; init; }

    /// <summary>What both sides have in common, for people: the machine. Null where two machines are compared, or commits on several.</summary>
    public string? Where { get; init; }

    /// <summary>Version of libtorch, or of PyTorch, that BASE ran on, and its BLAS where that is known; null where it is that of DIFF, and where it is the name.</summary>
    public string? BaseLibtorch { get; init; }

    /// <summary>That of DIFF.</summary>
    public string? DiffLibtorch { get; init; }

    /// <summary>Of two commits, the machines that both were measured on.</summary>
    public int MachineCount { get; init; } = 1;

    /// <summary>Geometric mean of the ratios; null where no case counts.</summary>
    public OverallRatio? Overall { get; init; }

    /// <summary>What else differs between the sides, and what was chosen among their rows: sentences.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

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

    /// <summary>Ids of runs of which a disturbed row was left out because its case has other runs, in ordinal order.</summary>
    public required IReadOnlyList<string> LeftOutRuns { get; init; }

    /// <summary>The scatter from run to run that the bounds suppose, by environment id in ordinal order.</summary>
    public required IReadOnlyList<(string EnvironmentId, LaunchSpread Spread)> Spreads { get; init; }

    /// <summary>Cases of BASE that have no counterpart in DIFF: a benchmark that vanished hides its regression.</summary>
    public int MissingCount => BaseOnly.Count + Unlike.Sum(group => group.Cases.Count);

    /// <summary>How many cases have a verdict.</summary>
    public int Count(Verdict verdict) => Cases.Count(comparison => comparison.Verdict == verdict);

    /// <summary>Compares two sides, as two commits, set-ups, machines or frameworks, by what they have in common.</summary>
    /// <exception cref="UserErrorException">A side has no benchmark, or a case twice in one run; an option is not valid; the sides are no pair.</exception>
    public static ResultComparison Of(Selection first, Selection second, ComparisonOptions options)
    {
        options = options.Validated();
        foreach (var side in new[] { first, second }.Where(side => side.Cases.Count == 0))
            throw new UserErrorException($"{side.Name} holds no row of benchmarks.csv. Measure with the benchmarks first; accuracy runs are not compared.");
        var sides = ComparedSides.Of(first, second);
        return sides.Kind == ComparisonKind.Commits ? CommitComparison.Of(sides, options) : ContenderComparison.Of(sides, options);
    }
}
