namespace FreezeBench.Results.Rows;

/// <summary>A column in which two rows differ.</summary>
/// <param name="Column">Its name.</param>
/// <param name="Left">The cell of the first row, as the file writes it.</param>
/// <param name="Right">The cell of the second row.</param>
public sealed record CellDifference(string Column, string Left, string Right)
{
    /// <summary>The columns in which two rows differ, in file order.</summary>
    public static IEnumerable<CellDifference> Between<TRow>(TRow left, TRow right) where TRow : IResultRow =>
        Between(left, right, (first, second) => Equals(first, second));

    /// <summary>The same, by a rule of equality of one's own.</summary>
    internal static IEnumerable<CellDifference> Between<TRow>(TRow left, TRow right, Func<object?, object?, bool> equal) where TRow : IResultRow =>
        from column in Columns<TRow>.InOrder
        let first = column.Property.GetValue(left)
        let second = column.Property.GetValue(right)
        where !equal(first, second)
        select new CellDifference(column.Name, column.Converter.Write(first), column.Converter.Write(second));

    /// <summary>The columns of a row type, found once: finding them compiles code for each.</summary>
    private static class Columns<TRow> where TRow : IResultRow
    {
        internal static readonly IReadOnlyList<Column> InOrder = Rows.Column.Of<TRow>();
    }
}
