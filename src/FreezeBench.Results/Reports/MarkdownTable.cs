namespace FreezeBench.Results.Reports;

/// <summary>Writes Markdown's blocks with line feeds, whatever the system's line end.</summary>
internal sealed class MarkdownTable(TextWriter writer)
{
    /// <summary>A line, or a blank one.</summary>
    internal void Line(string text = "")
    {
        writer.Write(text);
        writer.Write('\n');
    }

    /// <summary>A block and the blank line after it.</summary>
    internal void Block(string text)
    {
        Line(text);
        Line();
    }

    /// <summary>A table: the first column to the left, the others to the right. Columns in which no row has anything go.</summary>
    /// <param name="titles">Titles of the columns.</param>
    /// <param name="rows">Cells, already Markdown, as many as titles; null was not measured.</param>
    internal void Table(IReadOnlyList<string> titles, IReadOnlyList<IReadOnlyList<string?>> rows)
    {
        var kept = Enumerable.Range(0, titles.Count).Where(column => column == 0 || rows.Any(row => row[column] is not null)).ToList();
        Line($"| {string.Join(" | ", kept.Select(column => titles[column]))} |");
        Line($"|---|{string.Concat(kept.Skip(1).Select(_ => "--:|"))}");
        foreach (var row in rows)
            Line($"| {string.Join(" | ", kept.Select(column => row[column] ?? Numbers.Missing))} |");
        Line();
    }
}
