using System.Globalization;
using System.Text.Json.Serialization;

namespace FreezeBench.Results.Verification;

/// <summary>A number that a check has found, and what it had to be.</summary>
/// <param name="Name">Snake case, with the unit at the end where it has one.</param>
/// <param name="Value">It may be NaN or infinite, which passes no limit.</param>
public sealed record VerifiedFigure(string Name, double Value)
{
    /// <summary>The largest value that passes; null: none is too large.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AtMost { get; init; }

    /// <summary>The smallest value that passes; null: none is too small.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? AtLeast { get; init; }

    /// <summary>Whether the value keeps to its limits.</summary>
    [JsonIgnore]
    public bool Passes => (AtMost is not { } most || Value <= most) && (AtLeast is not { } least || Value >= least);

    /// <summary>The figure in words, such as <c>frozen_changed is 3; at most 0 passes</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name} is {Value:G5}{(AtMost is { } most ? $"; at most {most:G5} passes" : "")}{(AtLeast is { } least ? $"; at least {least:G5} passes" : "")}");
}
