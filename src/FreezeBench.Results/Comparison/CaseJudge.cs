using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Comparison;

/// <summary>Gives a case its ratio and its verdict.</summary>
/// <remarks>
/// One run a side: the ratio of the samples with its distribution-free bounds, widened by the launch noise; both are
/// independent, so the half-widths of the logarithms add as squares. Several runs on a side: the runs' centres are the sample, and the
/// bounds are Student's about the ratio of the centres; the scatter within a run is part of theirs.
/// <para>A very noisy or throttled row gives <see cref="Verdict.Worse"/> or <see cref="Verdict.Better"/> only where each side has
/// two runs or more: there the bounds have seen what the disturbance does. A single disturbed run is held back as undecided, saying
/// what it would have been, because a gate that cries wolf is switched off.</para>
/// </remarks>
internal static class CaseJudge
{
    internal static CaseComparison Judge(CaseSettings settings, CaseSide first, CaseSide second, RunNoise noise, ComparisonOptions options)
    {
        var ratio = RatioOf(first, second, noise, options.Confidence);
        var comparison = new CaseComparison { Settings = settings, Base = first, Diff = second, Ratio = ratio, Verdict = Verdict.Undecided };
        if (comparison.Disturbed)
            return comparison with { Reason = "the machine had other work: measure again" };
        // Only where the threshold itself is below the floor: two long cases whose centres meet by chance are not shown to be equal.
        if (first.CentreMs * options.Threshold < options.NoiseFloorMs && Math.Abs(second.CentreMs - first.CentreMs) < options.NoiseFloorMs)
            return comparison with { Verdict = Verdict.Equivalent, Reason = "below the noise floor" };
        if (ratio is null)
            return comparison with { Reason = "a time of 0 ms has no ratio" };
        if (ratio.Lower is not { } lower || ratio.Upper is not { } upper)
            return comparison with { Reason = $"too few samples for bounds ({first.SampleCount} and {second.SampleCount})" };
        var verdict = VerdictOf(lower, upper, options.Threshold);
        var disturbed = comparison.VeryNoisy ? "very noisy" : comparison.Throttled ? "throttled" : null;
        return verdict is Verdict.Worse or Verdict.Better && disturbed is not null && comparison.SingleRun
            ? comparison with { Reason = $"would be {(verdict == Verdict.Worse ? "slower" : "faster")}, but a single run is {disturbed}: measure again" }
            : comparison with { Verdict = verdict };
    }

    private static Verdict VerdictOf(double lower, double upper, double threshold)
    {
        var (low, high) = (1 / (1 + threshold), 1 + threshold);
        if (lower > high)
            return Verdict.Worse;
        if (upper < low)
            return Verdict.Better;
        return lower >= low && upper <= high ? Verdict.Equivalent : Verdict.Undecided;
    }

    /// <summary>Time of the second divided by that of the first; null where one takes none.</summary>
    internal static BoundedEstimate? RatioOf(CaseSide first, CaseSide second, RunNoise noise, double confidence)
    {
        if (first.CentreMs <= 0 || second.CentreMs <= 0 || first.SamplesMs.Concat(second.SamplesMs).Any(sample => sample <= 0))
            return null;
        var between = noise.HalfWidth(first, second, confidence);
        if (first.RunIds.Count > 1 || second.RunIds.Count > 1)
        {
            var value = second.CentreMs / first.CentreMs;
            return new BoundedEstimate(value, value * Math.Exp(-between), value * Math.Exp(between), confidence);
        }
        if (first.SamplesMs.Count == 0 || second.SamplesMs.Count == 0)
            return new BoundedEstimate(second.CentreMs / first.CentreMs, null, null, confidence);
        var within = Statistics.Ratio.Of(second.SamplesMs, first.SamplesMs, confidence);
        return within with
        {
            Lower = Scaled(within.Value, -1, Wider(within.Lower / within.Value, between)),
            Upper = Scaled(within.Value, 1, Wider(within.Upper / within.Value, between)),
        };
    }

    /// <summary>Distance of a bound from the estimate on the scale of logarithms, with the other source's half-width.</summary>
    private static double? Wider(double? factor, double between) =>
        factor is { } known ? Math.Sqrt(Math.Log(known) * Math.Log(known) + between * between) : null;

    private static double? Scaled(double value, int sign, double? distance) =>
        distance is { } known ? value * Math.Exp(sign * known) : null;
}
