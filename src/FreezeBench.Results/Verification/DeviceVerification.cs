using System.Globalization;
using System.Text.Json.Serialization;

namespace FreezeBench.Results.Verification;

/// <summary>What was checked of a device with one commit: <c>verification.json</c>.</summary>
public sealed record DeviceVerification
{
    /// <summary>Version of the file's layout; a reader refuses a higher one.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>The layout's version.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>Of the machine and its software, as in the folder's name.</summary>
    public required string EnvironmentId { get; init; }

    /// <summary>"cpu" or "cuda:N".</summary>
    public required string Device { get; init; }

    /// <summary>The code that checked; "unknown" where git does not tell.</summary>
    public required string Commit { get; init; }

    /// <summary>Whether the working tree differed from the commit; null is unknown.</summary>
    public required bool? Dirty { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset UtcTime { get; init; }

    /// <summary>How long all of it took, in seconds.</summary>
    public required double DurationS { get; init; }

    /// <summary>In the order in which they were made; every name once.</summary>
    public required IReadOnlyList<VerifiedCheck> Checks { get; init; }

    /// <summary>Whether nothing is wrong with the device, as far as there is something to check: no check failed, and none was left out.</summary>
    [JsonIgnore]
    public bool Passed => !(from check in Checks where check.Outcome is not (CheckOutcome.Pass or CheckOutcome.NotApplicable) select check).Any();

    /// <summary>A check by its name; null: it was not made.</summary>
    public VerifiedCheck? Find(string name) => (from check in Checks where check.Name == name select check).FirstOrDefault();

    /// <summary>What contradicts itself in it; null: nothing.</summary>
    internal string? Contradiction() =>
        (from check in Checks group check by check.Name).FirstOrDefault(group => group.Count() > 1) is { Key: var twice } ? $"{twice} is there twice."
        : Checks is [] ? "it has no check."
        : DurationS is not (>= 0 and < double.PositiveInfinity) ? string.Create(CultureInfo.InvariantCulture, $"it took {DurationS} s.")
        : (from check in Checks select check.Contradiction()).FirstOrDefault(found => found is not null);
}
