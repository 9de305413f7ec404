using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Comparison;

/// <summary>One side's runs of a case.</summary>
public sealed record CaseSide
{
    /// <summary>Centre of all runs in ms: the geometric mean of the runs' centres.</summary>
    public required double CentreMs { get; init; }

    /// <summary>Centre (Hodges-Lehmann) of each run's samples in ms, by run id; the row's median where samples.csv has none.</summary>
    public required IReadOnlyList<double> RunCentresMs { get; init; }

    /// <summary>Run ids in ordinal order.</summary>
    public required IReadOnlyList<string> RunIds { get; init; }

    /// <summary>Samples of all runs together.</summary>
    public required int SampleCount { get; init; }

    /// <summary>The worst scatter of a run.</summary>
    public required NoiseVerdict Noise { get; init; }

    /// <summary>Whether a device's clocks were held down in a run.</summary>
    public required bool Throttled { get; init; }

    /// <summary>Whether a run came from a working tree that differed from its commit, or nobody knows.</summary>
    public required bool Dirty { get; init; }

    /// <summary>Whether the machine had other work during every run: then its times say nothing.</summary>
    public bool Disturbed { get; init; }

    /// <summary>Ids of disturbed runs that were left out, because there are others.</summary>
    internal IReadOnlyList<string> LeftOutRuns { get; init; } = [];

    /// <summary>Samples in ms where there is one run; else empty, since then the runs are the sample.</summary>
    public required IReadOnlyList<double> SamplesMs { get; init; }

    /// <summary>Peak memory of each run's process in bytes; empty where one does not know it, or they are not of one source.</summary>
    internal IReadOnlyList<long> PeakMemoryBytes { get; init; } = [];

    /// <summary>What these are of; null where nobody knows.</summary>
    internal MemorySource? MemorySource { get; init; }

    /// <summary>How it was done: threads, memory format, and all that names the case.</summary>
    public required CaseSettings Way { get; init; }

    /// <summary>The runs of one case, each once.</summary>
    internal static CaseSide Of(IReadOnlyList<MeasuredCase> runs)
    {
        MeasuredCase[] sorted = [.. runs.OrderBy(run => run.Row.RunId, StringComparer.Ordinal)];
        double[] centres = [.. sorted.Select(run => run.SamplesMs.Count > 0 ? Location.Of(run.SamplesMs, 0.95).Value : run.Row.MedianMs)];
        return new CaseSide
        {
            // A centre of 0 has no logarithm: it makes the mean 0, which the verdict speaks of.
            CentreMs = centres.Length == 1 ? centres[0] : centres.Any(centre => centre <= 0) ? 0 : Math.Exp(centres.Average(Math.Log)),
            Way = CaseSettings.Comparable(sorted[0].Row),
            RunCentresMs = centres,
            RunIds = [.. sorted.Select(run => run.Row.RunId)],
            SampleCount = sorted.Sum(run => run.SamplesMs.Count),
            Noise = sorted.Max(run => run.Row.NoiseVerdict),
            Throttled = sorted.Any(run => run.Row.WereClocksHeldDown()),
            Dirty = sorted.Any(run => run.Row.Dirty != false),
            SamplesMs = sorted.Length == 1 ? sorted[0].SamplesMs : [],
            MemorySource = sorted[0].Row.MemorySource,
            PeakMemoryBytes = sorted.All(run => run.Row.PeakMemoryBytes > 0 && run.Row.MemorySource == sorted[0].Row.MemorySource) ? [.. sorted.Select(run => run.Row.PeakMemoryBytes!.Value)] : [],
        };
    }
}
