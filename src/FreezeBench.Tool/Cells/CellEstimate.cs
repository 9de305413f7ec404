namespace FreezeBench.Tool.Cells;

/// <summary>How long a cell is expected to take.</summary>
/// <param name="Time">Null: unknown.</param>
/// <param name="Source">What that is from.</param>
internal sealed record CellEstimate(TimeSpan? Time, string Source)
{
    /// <summary>Nothing is known of such a cell.</summary>
    internal static CellEstimate Unknown { get; } = new(null, "unknown");
}
