using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Tool.Peers;

/// <summary>One case of both frameworks.</summary>
internal sealed record PeerRatio
{
    /// <summary>Confidence level of the bounds.</summary>
    internal const double Confidence = 0.95;

    internal required PeerCase Case { get; init; }

    /// <summary>TorchSharp's time in ms: the median of the runs' medians.</summary>
    internal required double OursMs { get; init; }

    /// <summary>The other framework's, likewise.</summary>
    internal required double TheirsMs { get; init; }

    /// <summary>TorchSharp's time divided by the other's: above 1, TorchSharp takes longer. A run gives one number, its median:
    /// samples of one process scatter far less than processes do, and bounds from them would promise too much.</summary>
    internal required BoundedEstimate Estimate { get; init; }

    /// <summary>The lowest ratio of one run of ours to one of theirs: what can be said where the runs are too few for bounds.</summary>
    internal required double Lowest { get; init; }

    /// <summary>The highest.</summary>
    internal required double Highest { get; init; }

    /// <summary>Runs of TorchSharp.</summary>
    internal required int OursRuns { get; init; }

    /// <summary>Runs of the other framework.</summary>
    internal required int TheirsRuns { get; init; }

    /// <summary>Makes the ratio from rows of one case, each side one row or more.</summary>
    /// <returns>Null where a median is zero or less: nothing can be divided by it.</returns>
    internal static PeerRatio? Of(PeerCase measured, IReadOnlyList<BenchmarkRow> ours, IReadOnlyList<BenchmarkRow> theirs)
    {
        double[] numerator = RunMedians(ours), denominator = RunMedians(theirs);
        if (numerator.Concat(denominator).Any(median => median <= 0))
            return null;
        return new PeerRatio
        {
            Case = measured,
            OursMs = SampleSummary.Of(numerator).Median,
            TheirsMs = SampleSummary.Of(denominator).Median,
            Estimate = Ratio.Of(numerator, denominator, Confidence),
            Lowest = numerator.Min() / denominator.Max(),
            Highest = numerator.Max() / denominator.Min(),
            OursRuns = numerator.Length,
            TheirsRuns = denominator.Length,
        };
    }

    private static double[] RunMedians(IReadOnlyList<BenchmarkRow> rows) =>
        [.. rows.DistinctBy(row => row.RunId).Select(row => row.MedianMs)];
}
