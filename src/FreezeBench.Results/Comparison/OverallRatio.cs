using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Comparison;

/// <summary>Geometric mean of the ratios of several cases.</summary>
/// <remarks>
/// What scatters is the run: all cases of one process are fast or slow together, so that they do not average out, and twenty cases of three runs are
/// three observations and not sixty. So a run's deviations are added up over its cases before they are squared (a variance robust to clusters: K.-Y. Liang
/// and S. L. Zeger, "Longitudinal data analysis using generalized linear models", Biometrika 73 (1986) 13-22), which for runs that all
/// have the same cases is the variance of the runs' means. It is blended with the prior of <see cref="LaunchSpread"/>, taken to move all cases
/// alike: of five runs each of two committed machines it was 94 % common to the cases.
/// </remarks>
public sealed record OverallRatio
{
    /// <summary>Time of the second divided by that of the first, with bounds.</summary>
    public required BoundedEstimate Ratio { get; init; }

    /// <summary>Cases in the mean, one or more.</summary>
    public required IReadOnlyList<CaseSettings> Cases { get; init; }

    /// <summary>What the cases are, in words: <c>shared workloads</c>.</summary>
    public required string Over { get; init; }

    /// <summary>The mean over the cases that count: whole epochs and steps where there are any, and of these the standard workloads
    /// where there are any. Disturbed cases, and those that take no time on a side, do not count.</summary>
    /// <returns>Null where no case counts.</returns>
    internal static OverallRatio? Of(IEnumerable<(CaseSettings Settings, CaseSide First, CaseSide Second)> cases, RunNoise noise, ComparisonOptions options)
    {
        var (counted, over) = CountedCases.Of([.. cases.Where(entry => IsTimed(entry.First, options) && IsTimed(entry.Second, options))], entry => entry.Settings);
        if (counted.Count == 0)
            return null;
        var ratio = Math.Exp(counted.Average(entry => Math.Log(entry.Second.CentreMs / entry.First.CentreMs)));
        var (first, second) = (MeanOf([.. counted.Select(entry => entry.First)], noise.First), MeanOf([.. counted.Select(entry => entry.Second)], noise.Second ?? noise.First));
        var known = first.Freedom > 0 && second.Freedom > 0;
        var half = Uncertainty.HalfWidth(first, second, options.Confidence);
        return new OverallRatio
        {
            Ratio = new BoundedEstimate(ratio, known ? ratio * Math.Exp(-half) : null, known ? ratio * Math.Exp(half) : null, options.Confidence),
            Cases = [.. counted.Select(entry => entry.Settings)],
            Over = over,
        };
    }

    private static bool IsTimed(CaseSide side, ComparisonOptions options) => !side.Disturbed && side.CentreMs >= Math.Max(options.NoiseFloorMs, double.Epsilon);

    private static Uncertainty MeanOf(IReadOnlyList<CaseSide> sides, LaunchSpread spread)
    {
        Dictionary<string, (double Deviation, double Weight)> runs = new(StringComparer.Ordinal);
        foreach (var side in sides)
        {
            var (count, mean) = (side.RunIds.Count, side.RunCentresMs.Average(Math.Log));
            // n / (n - 1), as in a variance: the deviations are from the runs' own mean.
            var correction = count > 1 ? Math.Sqrt(count / (count - 1.0)) : 0;
            foreach (var (run, centre) in side.RunIds.Zip(side.RunCentresMs))
            {
                var (deviation, weight) = runs.GetValueOrDefault(run);
                runs[run] = (deviation + correction * (Math.Log(centre) - mean) / count / sides.Count, weight + 1.0 / count / sides.Count);
            }
        }
        var freedom = runs.Count - Groups(sides);
        var (own, assumed) = (runs.Values.Sum(run => run.Deviation * run.Deviation), runs.Values.Sum(run => run.Weight * run.Weight) * spread.Prior * spread.Prior);
        var prior = spread.Measured || spread.Prior > 0 ? LaunchSpread.PriorFreedom : 0;
        return freedom + prior == 0 ? default : new Uncertainty((prior * assumed + freedom * own) / (prior + freedom), prior + freedom);
    }

    /// <summary>How many means the runs were told of: runs that share no case, not even by way of others, tell of means of their own.</summary>
    private static int Groups(IReadOnlyList<CaseSide> sides)
    {
        List<HashSet<string>> groups = [];
        foreach (var side in sides)
        {
            var touching = groups.FindAll(group => group.Overlaps(side.RunIds));
            groups.RemoveAll(touching.Contains);
            groups.Add([.. side.RunIds, .. touching.SelectMany(group => group)]);
        }
        return groups.Count;
    }
}
