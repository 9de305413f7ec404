namespace FreezeBench.Results.Verification;

/// <summary>How a check ended.</summary>
public enum CheckOutcome
{
    /// <summary>The device does what it should.</summary>
    Pass,

    /// <summary>It does not, or the check could not come to its end.</summary>
    Fail,

    /// <summary>There is nothing to check here.</summary>
    NotApplicable,

    /// <summary>There is something to check, and there was no time for it: nothing is known of the device.</summary>
    NotRun,
}
