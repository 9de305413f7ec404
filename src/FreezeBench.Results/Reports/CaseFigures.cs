using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Reports;

/// <summary>Makes figures of one environment's measured cases.</summary>
/// <param name="environmentId">Environment of all cases.</param>
/// <param name="remarkedRuns">Runs whose times say nothing, by remarks.csv.</param>
internal sealed class CaseFigures(string environmentId, IReadOnlySet<string> remarkedRuns)
{
    /// <summary>Confidence of all bounds of a report.</summary>
    private const double Confidence = 0.95;

    // A case can be in a table and in two series; by reference, because hashing a row's forty values costs more than it saves.
    private readonly Dictionary<MeasuredCase, Figure> times = new(ReferenceEqualityComparer.Instance);

    /// <summary>Time of one operation in ms: the centre of the samples with bounds, or the row's median where there are none.</summary>
    internal Figure TimeMs(MeasuredCase measured)
    {
        if (times.TryGetValue(measured, out var known))
            return known;
        var estimate = IsUsable(measured.SamplesMs, double.NegativeInfinity)
            ? Location.Of(measured.SamplesMs, Confidence)
            : new BoundedEstimate(measured.Row.MedianMs, null, null, Confidence);
        return times[measured] = Of(estimate, OriginOf(measured));
    }

    /// <summary>Images/s: images of one operation by its time; null where the time is 0.</summary>
    internal Figure? ImagesPerS(MeasuredCase measured)
    {
        var time = TimeMs(measured);
        if (!(time.Value > 0))
            return null;
        var images = 1000.0 * measured.Row.Images;
        // The slowest time gives the lowest rate. A bound of 0 ms gives no rate, so both are dropped.
        var bounded = time is { Lower: > 0, Upper: > 0 };
        return new Figure
        {
            Value = images / time.Value,
            Lower = bounded ? images / time.Upper : null,
            Upper = bounded ? images / time.Lower : null,
            Origin = time.Origin,
        };
    }

    /// <summary>How many times as fast as <paramref name="baseline"/>; null where the two are not of one run.</summary>
    internal Figure? SpeedUp(MeasuredCase? baseline, MeasuredCase measured)
    {
        if (baseline is null || baseline.Row.RunId != measured.Row.RunId)
            return null;
        if (ReferenceEquals(baseline, measured))
            return new Figure { Value = 1, Origin = OriginOf(measured) };
        var origin = Worse(OriginOf(baseline), OriginOf(measured));
        if (IsUsable(baseline.SamplesMs, Tiny) && IsUsable(measured.SamplesMs, Tiny))
            return Of(Ratio.Of(baseline.SamplesMs, measured.SamplesMs, Confidence), origin);
        var ratio = baseline.Row.MedianMs / measured.Row.MedianMs;
        return measured.Row.MedianMs > 0 && double.IsFinite(ratio) ? new Figure { Value = ratio, Origin = origin } : null;
    }

    /// <summary>Peak memory divided by that of <paramref name="baseline"/>; null where one is unknown, or the two are not of one run or not measured alike.</summary>
    internal Figure? MemoryShare(MeasuredCase? baseline, MeasuredCase measured) =>
        baseline is { Row.PeakMemoryBytes: > 0 and var whole } && measured.Row.PeakMemoryBytes is { } part && baseline.Row.RunId == measured.Row.RunId
        && MemorySources.Common([baseline.Row.MemorySource, measured.Row.MemorySource]) is not null
            ? new Figure { Value = (double)part / whole, Origin = Worse(OriginOf(baseline), OriginOf(measured)) with { Disturbed = false } }
            : null;

    /// <summary>Peak memory in bytes; null is unknown. Other work on the machine disturbs times alone.</summary>
    internal Figure? PeakMemory(MeasuredCase measured) =>
        measured.Row.PeakMemoryBytes is { } bytes ? new Figure { Value = bytes, Origin = OriginOf(measured) with { Disturbed = false } } : null;

    /// <summary>Energy of one operation in J; null is unknown. Other work on the machine is in it as it is in times.</summary>
    internal Figure? Energy(MeasuredCase measured) => measured.Row.EnergyJ is { } joules ? new Figure { Value = joules, Origin = OriginOf(measured) } : null;

    /// <summary>How little a row is to be trusted: 0 measured by a commit and undisturbed, 1 by an unknown state of the code,
    /// 2 while the machine had other work.</summary>
    internal int Doubt(BenchmarkRow row) => row.IsDisturbed(remarkedRuns) ? 2 : row.Dirty == false ? 0 : 1;

    internal static Figure Of(BoundedEstimate estimate, Origin origin) =>
        new() { Value = estimate.Value, Lower = estimate.Lower, Upper = estimate.Upper, Origin = origin };

    private const double Tiny = 1 / SampleSummary.LargestMagnitude;

    /// <summary>Whether no sample is what a ratio cannot be made of.</summary>
    internal static bool IsUsable(IReadOnlyList<double> samples) => samples.All(sample => sample >= Tiny && sample <= SampleSummary.LargestMagnitude);

    private static bool IsUsable(IReadOnlyList<double> samples, double atLeast) =>
        samples.Count > 0 && samples.All(sample => sample >= atLeast && Math.Abs(sample) <= SampleSummary.LargestMagnitude);

    private Origin OriginOf(MeasuredCase measured) => new()
    {
        EnvironmentId = environmentId,
        RunIds = [measured.Row.RunId],
        Commits = [measured.Row.Commit],
        Date = DateOnly.FromDateTime(measured.Row.UtcTime.UtcDateTime),
        Count = measured.SamplesMs.Count > 0 ? measured.SamplesMs.Count : measured.Row.SampleCount,
        Noise = measured.Row.NoiseVerdict,
        Throttled = measured.Row.WereClocksHeldDown(),
        Disturbed = measured.Row.IsDisturbed(remarkedRuns),
        Dirty = measured.Row.Dirty != false,
    };

    /// <summary>The origin of a ratio of two cases.</summary>
    internal static Origin Worse(Origin first, Origin second) => first with
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
