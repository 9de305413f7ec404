namespace FreezeBench.Accuracy.Claims;

/// <summary>A statement about freezing, and what a command measured about it.</summary>
/// <param name="Statement">What is claimed.</param>
/// <param name="Measured">Figures with their n, or why there are none.</param>
/// <param name="Verdict">What the figures say.</param>
public sealed record Claim(string Statement, string Measured, Verdict Verdict);

/// <summary>What measured figures say about a claim.</summary>
public enum Verdict
{
    /// <summary>Nothing in the command's rows is about it.</summary>
    NotMeasured,

    /// <summary>The figures agree, and the uncertainty of the test set does not change that.</summary>
    Held,

    /// <summary>The figures disagree, and the uncertainty of the test set does not change that.</summary>
    DidNotHold,

    /// <summary>The figures are nearer to the border than two standard errors.</summary>
    Undecided,
}
