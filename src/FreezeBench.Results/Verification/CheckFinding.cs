namespace FreezeBench.Results.Verification;

/// <summary>What a check has found.</summary>
public sealed record CheckFinding
{
    private CheckFinding(CheckOutcome outcome, string? reason, IReadOnlyList<VerifiedFigure> figures) => (Outcome, Reason, Figures) = (outcome, reason, figures);

    /// <summary>How it ended.</summary>
    public CheckOutcome Outcome { get; }

    /// <summary>Why it did not pass; null: it did.</summary>
    public string? Reason { get; }

    /// <summary>What was measured.</summary>
    public IReadOnlyList<VerifiedFigure> Figures { get; }

    /// <summary>It passes where every figure keeps to its limits, and fails with those that do not as its reason.</summary>
    /// <param name="figures">One or more.</param>
    public static CheckFinding Of(params IReadOnlyList<VerifiedFigure> figures)
    {
        ArgumentOutOfRangeException.ThrowIfZero(figures.Count);
        var outside = figures.Where(figure => !figure.Passes).ToList();
        return outside is [] ? new(CheckOutcome.Pass, null, figures) : new(CheckOutcome.Fail, string.Join(", ", outside), figures);
    }

    /// <summary>It fails, whatever the figures say.</summary>
    /// <param name="reason">What is wrong, and what to do about it where that is known.</param>
    /// <param name="figures">What was measured before.</param>
    public static CheckFinding Failed(string reason, params IReadOnlyList<VerifiedFigure> figures) => new(CheckOutcome.Fail, reason, figures);

    /// <summary>It was not made, or not to its end, and nobody knows how it would have ended.</summary>
    /// <param name="reason">Why: <c>budget</c>.</param>
    public static CheckFinding NotRun(string reason) => new(CheckOutcome.NotRun, reason, []);

    /// <summary>There is nothing to check.</summary>
    /// <param name="reason">Why: <c>needs CUDA</c>.</param>
    public static CheckFinding NotApplicable(string reason) => new(CheckOutcome.NotApplicable, reason, []);
}
