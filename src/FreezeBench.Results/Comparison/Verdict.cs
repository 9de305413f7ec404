namespace FreezeBench.Results.Comparison;

/// <summary>What a case's ratio of times says at the threshold t, in the order of a report: what needs a reader's eye first.</summary>
public enum Verdict
{
    /// <summary>The whole interval is above 1 + t: slower, and by more than the threshold.</summary>
    Worse,

    /// <summary>The whole interval is below 1 / (1 + t).</summary>
    Better,

    /// <summary>The interval reaches over a limit, or there is none: neither a change nor its absence is shown.</summary>
    Undecided,

    /// <summary>The whole interval is between 1 / (1 + t) and 1 + t, or the difference is below the noise floor.</summary>
    Equivalent,
}
