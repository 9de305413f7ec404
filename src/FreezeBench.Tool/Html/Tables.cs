using FreezeBench.Tool.Elements;

namespace FreezeBench.Tool.Html;

internal static class Tables
{
    /// <summary>A table whose columns a reader can sort by, with its sources below.</summary>
    /// <param name="caption">What it shows and at which settings.</param>
    /// <param name="heads">Heads with their units; the first column names the rows.</param>
    /// <param name="rows">Cells of each row, as many as heads.</param>
    /// <param name="sources">Origins that its cells noted; null where they are told below a later table.</param>
    internal static Node Sortable(string caption, IReadOnlyList<string> heads, IReadOnlyList<IReadOnlyList<Cell>> rows, Sources? sources)
    {
        if (rows.All(row => row.Skip(1).All(cell => cell == Cell.Missing)))
            return sources?.Told(caption) ?? "";
        // A column that nobody measured tells nothing; the first names the rows.
        var columns = Enumerable.Range(0, heads.Count).Where(column => column == 0 || rows.Any(row => row[column] != Cell.Missing)).ToList();
        var numbers = columns.ToDictionary(column => column, column => rows.Any(row => row[column].Value is not null));
        var decimals = columns.ToDictionary(column => column, column => rows.Select(row => row[column].Decimals).DefaultIfEmpty().Max());
        // Where the sources are told below a later table, there may be more by then.
        var many = sources is not { Count: < 2 };
        return new Fragment(
            Tag.Scrolling(caption, Tag.OfClass("table", "sortable",
                Tag.Of("caption", Tag.Of("span", caption)),
                Tag.Of("thead", Tag.Of("tr", columns.Select(column => Tag.Of("th", heads[column]).With("scope", "col").With("class", numbers[column] ? "n" : null)))),
                Tag.Of("tbody", rows.Select(row => Tag.Of("tr", columns.Select(column => row[column].ToElement(column == 0, numbers[column], decimals[column], many))))))),
            sources?.Told(caption) ?? "");
    }
}
