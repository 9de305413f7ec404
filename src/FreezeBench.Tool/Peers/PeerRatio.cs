using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Tool.Peers;

/// <summary>One case of both frameworks.</summary>
internal sealed record PeerRatio
{
    /// <summary>Confidence level of the bounds.</summary>
    internal const double Confidence = 0.95;

    /// <summary>The case of both, without framework; the kernels are TorchSharp's, since the other framework has its own.</summary>
    internal required CaseSettings Case { get; init; }

    /// <summary>TorchSharp's figure, the median of its runs': time in ms, or memory in MiB where <see cref="Case"/> says so.</summary>
    internal required double Ours { get; init; }

    /// <summary>The other framework's, likewise.</summary>
    internal required double Theirs { get; init; }

    /// <summary>TorchSharp's figure divided by the other's: above 1, TorchSharp takes more. A run gives one number, its median:
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

    /// <summary>Makes the ratio from one figure for each run of one case, each side one or more.</summary>
    /// <returns>Null where a figure is zero or less: nothing can be divided by it.</returns>
    internal static PeerRatio? Of(CaseSettings measured, IReadOnlyList<double> ours, IReadOnlyList<double> theirs)
    {
        if (ours.Concat(theirs).Any(figure => figure <= 0))
            return null;
        return new PeerRatio
        {
            Case = measured,
            Ours = SampleSummary.Of(ours).Median,
            Theirs = SampleSummary.Of(theirs).Median,
            Estimate = Ratio.Of(ours, theirs, Confidence),
            Lowest = ours.Min() / theirs.Max(),
            Highest = ours.Max() / theirs.Min(),
            OursRuns = ours.Count,
            TheirsRuns = theirs.Count,
        };
    }
}
