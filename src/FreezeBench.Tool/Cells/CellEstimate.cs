namespace FreezeBench.Tool.Cells;

/// <summary>How long a cell is expected to take.</summary>
/// <param name="Time">Null: unknown.</param>
/// <param name="Source">What that is from.</param>
internal sealed record CellEstimate(TimeSpan? Time, string Source)
{
    // Longer than any measurement: a clock that was set in between, or a number that somebody edited.
    private static readonly TimeSpan longest = TimeSpan.FromDays(366);

    /// <summary>Of a record; unknown where its time is none that a cell can take: negative, above a year or no number.</summary>
    /// <param name="seconds">What it says.</param>
    /// <param name="source">See <see cref="Source"/>.</param>
    internal static CellEstimate Of(double seconds, string source) => IsPossible(seconds) ? new(TimeSpan.FromSeconds(seconds), source) : Unknown;

    /// <summary>Whether a cell can take so long.</summary>
    internal static bool IsPossible(double seconds) => seconds >= 0 && seconds <= longest.TotalSeconds;

    /// <summary>Nothing is known of such a cell.</summary>
    internal static CellEstimate Unknown { get; } = new(null, "unknown");
}
