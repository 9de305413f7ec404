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
}
