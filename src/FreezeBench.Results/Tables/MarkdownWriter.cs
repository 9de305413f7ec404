namespace FreezeBench.Results.Tables;

/// <summary>Writes Markdown's blocks with line feeds, whatever the system's line end.</summary>
internal sealed class MarkdownWriter(TextWriter writer)
{
    /// <summary>Stands for what was not measured.</summary>
    internal const string Missing = "–";

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

    /// <summary>A table of plain texts, in which nothing is Markdown yet.</summary>
    internal void Plain(Table table) => Table(table.Titles, [.. table.Cells.Select(row => row.Select(cell => cell is null ? null : MarkdownText.Plain(cell)).ToList())], table.Left);

    /// <summary>A table and the blank line after it. Columns in which no row has anything go.</summary>
    /// <param name="titles">Titles of the columns.</param>
    /// <param name="rows">Cells, already Markdown, as many as titles; null was not measured.</param>
    /// <param name="left">Columns of texts; without any it is the first.</param>
    internal void Table(IReadOnlyList<string> titles, IReadOnlyList<IReadOnlyList<string?>> rows, params IReadOnlyList<int> left)
    {
        foreach (var line in new Table(titles, rows, left.Count == 0 ? [0] : left).WithoutEmptyColumns().Markdown(Missing))
            Line(line);
        Line();
    }
}
