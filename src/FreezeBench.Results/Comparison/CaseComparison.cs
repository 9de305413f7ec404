using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Comparison;

/// <summary>One case on both sides.</summary>
public sealed record CaseComparison
{
    /// <summary>What both sides measured.</summary>
    public required CaseSettings Settings { get; init; }

    /// <summary>The runs of BASE.</summary>
    public required CaseSide Base { get; init; }

    /// <summary>The runs of DIFF.</summary>
    public required CaseSide Diff { get; init; }

    /// <summary>Time of DIFF divided by that of BASE, with bounds that include the scatter from run to run; null where a side took
    /// 0 ms.</summary>
    public required BoundedEstimate? Ratio { get; init; }

    /// <summary>What the ratio says at the threshold.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Why the verdict is not simply the interval's place; null where it is.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether a run of either side scattered by more than 25 %.</summary>
    public bool VeryNoisy => Base.Noise == NoiseVerdict.VeryNoisy || Diff.Noise == NoiseVerdict.VeryNoisy;

    /// <summary>Whether a device's clocks were held down on either side.</summary>
    public bool Throttled => Base.Throttled || Diff.Throttled;

    /// <summary>Whether a run of either side came from a changed working tree, or nobody knows.</summary>
    public bool Dirty => Base.Dirty || Diff.Dirty;

    /// <summary>Whether all runs of a side are marked as disturbed by other work.</summary>
    public bool Disturbed => Base.Disturbed || Diff.Disturbed;

    /// <summary>Whether a side has one run alone, so that the scatter from run to run is assumed.</summary>
    public bool SingleRun => Base.RunIds.Count == 1 || Diff.RunIds.Count == 1;
}
