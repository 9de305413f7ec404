using System.Text.Json.Serialization;

namespace FreezeBench.Results.Verification;

/// <summary>A check that was made of a device.</summary>
public sealed record VerifiedCheck
{
    /// <summary>Kebab-case, the same in every version: <c>training-fp32</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How it ended.</summary>
    public required CheckOutcome Outcome { get; init; }

    /// <summary>Why it did not pass; null: it did.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public required double DurationS { get; init; }

    /// <summary>What was measured; none where nothing was.</summary>
    public required IReadOnlyList<VerifiedFigure> Figures { get; init; }

    /// <summary>A finding under a name.</summary>
    /// <param name="name">Of the check.</param>
    /// <param name="finding">What it found.</param>
    /// <param name="duration">How long it took.</param>
    public static VerifiedCheck Of(string name, CheckFinding finding, TimeSpan duration) =>
        new() { Name = name, Outcome = finding.Outcome, Reason = finding.Reason, DurationS = duration.TotalSeconds, Figures = finding.Figures };

    /// <summary>What contradicts itself in it; null: nothing.</summary>
    internal string? Contradiction() => this switch
    {
        { Outcome: CheckOutcome.Pass, Reason: not null } => $"{Name} passed and has a reason why not.",
        { Outcome: not CheckOutcome.Pass, Reason: null or "" } => $"{Name} did not pass and has no reason.",
        { Outcome: CheckOutcome.Pass } when Figures.FirstOrDefault(figure => !figure.Passes) is { } outside => $"{Name} passed although {outside}.",
        { DurationS: not (>= 0 and < double.PositiveInfinity) } => $"{Name} took {DurationS} s.",
        _ => null,
    };
}
