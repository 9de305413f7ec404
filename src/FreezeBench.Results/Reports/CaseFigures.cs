using FreezeBench.Results.Comparison;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Reports;

/// <summary>Makes figures of the runs that stand for cases of one machine.</summary>
/// <remarks>
/// Of one run a time has the bounds of its samples, of several those of the runs' centres; a ratio has the launch of each process in its bounds, as in comparisons. How far processes scatter is told
/// by the epochs and steps with the same kernels of the same framework: a machine's own table and the one of all machines then say the same.
/// </remarks>
internal sealed class CaseFigures
{
    private const double Tiny = 1 / SampleSummary.LargestMagnitude;

    private static readonly ComparisonOptions options = new() { Confidence = 0.95 };

    private readonly Dictionary<(string Framework, KernelKind Kernels), LaunchSpread> spreads;

    internal CaseFigures(IEnumerable<ChosenRuns> runs) => spreads = runs.Where(chosen => RowOf(chosen).Suite is "epoch" or "step").GroupBy(Code)
        .ToDictionary(same => same.Key, same => LaunchSpread.OfSides(same.Select(chosen => chosen.Side), options));

    /// <summary>Time of one operation in ms: the centre of the samples with bounds, or the row's median where there are none.</summary>
    internal Figure TimeMs(ChosenRuns chosen) => Of(Estimate(chosen), OriginOf(chosen));

    /// <summary>Images/s: images of one operation by its time; null where the time is 0.</summary>
    internal Figure? ImagesPerS(ChosenRuns chosen)
    {
        var time = TimeMs(chosen);
        if (!(time.Value > 0))
            return null;
        var images = 1000.0 * RowOf(chosen).Images;
        // The slowest time gives the lowest rate. A bound of 0 ms gives no rate, so both are dropped.
        var bounded = time is { Lower: > 0, Upper: > 0 };
        return time with { Value = images / time.Value, Lower = bounded ? images / time.Upper : null, Upper = bounded ? images / time.Lower : null };
    }

    /// <summary>How many times as fast as <paramref name="baseline"/>, of the same framework; null where no run measured both.</summary>
    internal Figure? SpeedUp(ChosenRuns? baseline, ChosenRuns measured)
    {
        if (baseline is null || !HaveARunInCommon(baseline, measured))
            return null;
        return ReferenceEquals(baseline, measured) ? new Figure { Value = 1, Origin = OriginOf(measured) } : Ratio(measured, baseline);
    }

    /// <summary>Time of the dividend by that of the divisor; null where one takes none.</summary>
    internal Figure? Ratio(ChosenRuns divisor, ChosenRuns dividend) =>
        CaseJudge.RatioOf(divisor.Side, dividend.Side, Code(divisor) == Code(dividend) ? new RunNoise(Spread(divisor)) : new RunNoise(Spread(divisor), Spread(dividend)), options.Confidence) is { } ratio && double.IsFinite(ratio.Value)
            ? Of(ratio, Worse(OriginOf(dividend), OriginOf(divisor)))
            : null;

    /// <summary>Peak memory in bytes, the mean over runs; null where one does not know it, or they did not measure it alike. Other work on the machine disturbs times alone.</summary>
    internal static Figure? PeakMemory(ChosenRuns chosen)
    {
        var peaks = chosen.Runs.Select(run => run.Row.PeakMemoryBytes).ToList();
        // One run's figure is what it is, whoever told it; a mean is of one quantity.
        return peaks.Contains(null) || (peaks.Count > 1 && MemorySourceOf(chosen) is null) ? null : new Figure { Value = peaks.Average(peak => (double)peak!.Value), Origin = OriginOf(chosen) with { Disturbed = false } };
    }

    /// <summary>How it was measured; null where nobody knows, or the runs differ.</summary>
    internal static MemorySource? MemorySourceOf(ChosenRuns chosen) => MemorySources.Common(chosen.Runs.Select(run => run.Row.MemorySource));

    /// <summary>Peak memory divided by that of <paramref name="baseline"/>; null where one is unknown, or no run has both, or they were not measured alike.</summary>
    internal static Figure? MemoryShare(ChosenRuns? baseline, ChosenRuns measured) =>
        baseline is not null && PeakMemory(baseline) is { Value: > 0 } whole && PeakMemory(measured) is { } part && HaveARunInCommon(baseline, measured)
        && MemorySources.Common([MemorySourceOf(baseline), MemorySourceOf(measured)]) is not null
            ? new Figure { Value = part.Value / whole.Value, Origin = Worse(whole.Origin, part.Origin) }
            : null;

    /// <summary>Energy of one operation in J, the mean over runs; null where one does not know it, or they were told by several. Other work on the machine is in it as it is in times.</summary>
    internal static Figure? Energy(ChosenRuns chosen) => EnergySourceOf(chosen) is null ? null : new Figure { Value = chosen.Runs.Average(run => run.Row.EnergyJ!.Value), Origin = OriginOf(chosen) };

    /// <summary>Who told it; null where nobody did.</summary>
    internal static string? EnergySourceOf(ChosenRuns chosen) =>
        chosen.Runs.All(run => run.Row.EnergyJ is not null && run.Row.EnergySource == RowOf(chosen).EnergySource) ? RowOf(chosen).EnergySource : null;

    internal static Figure Of(BoundedEstimate estimate, Origin origin) =>
        new() { Value = estimate.Value, Lower = estimate.Lower, Upper = estimate.Upper, Origin = origin };

    /// <summary>Whether no sample is what a ratio cannot be made of.</summary>
    internal static bool IsUsable(IReadOnlyList<double> samples) => samples.All(sample => sample >= Tiny && sample <= SampleSummary.LargestMagnitude);

    private static BenchmarkRow RowOf(ChosenRuns chosen) => chosen.Runs[0].Row;

    private static (string, KernelKind) Code(ChosenRuns chosen) => (RowOf(chosen).Framework, RowOf(chosen).Kernels);

    private static bool HaveARunInCommon(ChosenRuns first, ChosenRuns second) => first.Side.RunIds.Intersect(second.Side.RunIds).Any();

    private LaunchSpread Spread(ChosenRuns chosen) => spreads.GetValueOrDefault(Code(chosen)) ?? LaunchSpread.OfSides([chosen.Side], options);

    private BoundedEstimate Estimate(ChosenRuns chosen)
    {
        var side = chosen.Side;
        if (side.RunIds.Count == 1 && side.SamplesMs.Count > 0)
            return Location.Of(side.SamplesMs, options.Confidence);
        if (side.RunIds.Count == 1 || side.CentreMs <= 0)
            return new BoundedEstimate(side.CentreMs, null, null, options.Confidence);
        var half = Uncertainty.HalfWidth(Spread(chosen).OfMean(side.RunCentresMs), default, options.Confidence);
        return new BoundedEstimate(side.CentreMs, side.CentreMs * Math.Exp(-half), side.CentreMs * Math.Exp(half), options.Confidence);
    }

    private static Origin OriginOf(ChosenRuns chosen)
    {
        var rows = chosen.Runs.Select(run => run.Row).ToList();
        return new Origin
        {
            EnvironmentId = rows[0].EnvironmentId,
            RunIds = chosen.Side.RunIds,
            Commits = [chosen.Commit],
            Date = DateOnly.FromDateTime(rows.Max(row => row.UtcTime).UtcDateTime),
            // Of several runs these are the sample.
            Count = rows.Count > 1 ? rows.Count : chosen.Side.SampleCount > 0 ? chosen.Side.SampleCount : rows[0].SampleCount,
            Noise = chosen.Side.Noise,
            Throttled = chosen.Side.Throttled,
            Disturbed = chosen.Side.Disturbed,
            Dirty = chosen.Side.Dirty,
        };
    }

    /// <summary>The origin of a ratio of two cases.</summary>
    private static Origin Worse(Origin first, Origin second) => first with
    {
        Date = first.Date > second.Date ? first.Date : second.Date,
        RunIds = [.. first.RunIds.Union(second.RunIds).Order(StringComparer.Ordinal)],
        Commits = [.. first.Commits.Union(second.Commits).Order(StringComparer.Ordinal)],
        Count = Math.Min(first.Count, second.Count),
        Noise = Rank(first.Noise) >= Rank(second.Noise) ? first.Noise : second.Noise,
        Throttled = first.Throttled || second.Throttled,
        Disturbed = first.Disturbed || second.Disturbed,
        Dirty = first.Dirty || second.Dirty,
    };

    // Too few samples to judge is worse than judged quiet, and better than judged noisy.
    private static int Rank(NoiseVerdict noise) => noise switch
    {
        NoiseVerdict.Quiet => 0,
        NoiseVerdict.Unknown => 1,
        NoiseVerdict.Noisy => 2,
        _ => 3,
    };
}
