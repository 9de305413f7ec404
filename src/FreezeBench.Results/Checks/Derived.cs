using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Checks;

/// <summary>Compares what a row says with what it should follow from.</summary>
internal static class Derived
{
    /// <summary>A sum of doubles in another order differs in its last bits; 1e-9 is far above that and far below any measurement.</summary>
    private const double Tolerance = 1e-9;

    /// <summary>Whether two cells say the same.</summary>
    /// <param name="scale">Size of the numbers that the cells were computed from: a spread is the difference of such numbers, so its
    /// own size is no measure of its rounding.</param>
    internal static bool Agree(object? first, object? second, double scale = 0) => (first, second) switch
    {
        (double left, double right) => Math.Abs(left - right) <= Tolerance * Math.Max(scale, Math.Max(Math.Abs(left), Math.Abs(right))),
        _ => Equals(first, second),
    };

    /// <summary>A finding for each column in which a row differs from what it should be.</summary>
    internal static void Report<TRow>(CheckedFolder folder, FindingKind kind, long line, TRow row, TRow expected, string origin, double scale = 0) where TRow : IResultRow
    {
        foreach (var difference in CellDifference.Between(row, expected, (left, right) => Agree(left, right, scale)))
            folder.Log.Add(kind, folder.Name(TRow.FileName), line, difference.Column, $"it is {difference.Left}; {origin} {difference.Right}.");
    }
}
