using System.Text.RegularExpressions;

namespace FreezeBench.Results.Tables;

/// <summary>A table as texts, for every writer of one: rounded, worded and in order.</summary>
/// <param name="Titles">Titles of the columns.</param>
/// <param name="Cells">For each row as many as titles; null is nothing to show.</param>
/// <param name="Left">Places of the columns of texts, from 0, which are set to the left; numbers stand to the right.</param>
public sealed partial record Table(IReadOnlyList<string> Titles, IReadOnlyList<IReadOnlyList<string?>> Cells, params IReadOnlyList<int> Left)
{
    // Of a name broken into shorter lines nothing is left to read.
    private const int Narrowest = 15;

    /// <summary>The same without columns in which no row has anything; the first, which names the rows, stays.</summary>
    public Table WithoutEmptyColumns()
    {
        var kept = Enumerable.Range(0, Titles.Count).Where(column => column == 0 || Cells.Any(row => row[column] is not null)).ToList();
        return new Table([.. kept.Select(column => Titles[column])], [.. Cells.Select(row => kept.ConvertAll(column => row[column]))], [.. Left.Select(column => kept.IndexOf(column))]);
    }

    /// <summary>For a page: lines of Markdown.</summary>
    /// <param name="missing">Stands for nothing.</param>
    public IEnumerable<string> Markdown(string missing) =>
    [
        $"| {string.Join(" | ", Titles)} |",
        $"|{string.Concat(Titles.Select((_, column) => Left.Contains(column) ? "---|" : "--:|"))}",
        .. Cells.Select(row => $"| {string.Join(" | ", row.Select(cell => cell ?? missing))} |"),
    ];

    /// <summary>For a terminal: columns set under each other, two blanks apart. Where they are more than 80 characters wide, the widest column of texts is broken at its blanks.</summary>
    /// <param name="missing">Stands for nothing.</param>
    public IEnumerable<string> Plain(string missing)
    {
        IReadOnlyList<IReadOnlyList<string>> lines = [Titles, .. Cells.Select(row => row.Select(cell => cell ?? missing).ToList())];
        var widths = Widths();
        if (widths.Sum() + 2 * (widths.Count - 1) - WrappedText.Columns is > 0 and var over && Left.Count > 0)
        {
            var broken = Left.MaxBy(column => widths[column]);
            lines = [.. lines.SelectMany(line => Broken(line, broken, Math.Max(Narrowest, widths[broken] - over)))];
            widths = Widths();
        }
        return lines.Select(line => string.Join("  ", line.Select((cell, column) => Left.Contains(column) ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd());

        List<int> Widths() => [.. Titles.Select((_, column) => lines.Max(line => line[column].Length))];
    }

    // A blank cell in every other column of the lines that follow. What stands before a name, a rank or blanks, is kept as it is.
    private static IEnumerable<IReadOnlyList<string>> Broken(IReadOnlyList<string> line, int column, int width)
    {
        var first = Before().Match(line[column]).Value;
        return WrappedText.Lines(first, first.Length + 2, line[column][first.Length..], width).Select((part, index) => (IReadOnlyList<string>)
            [.. line.Select((cell, place) => place == column ? part : index == 0 ? cell : "")]);
    }

    [GeneratedRegex("^ *([^ ]+  +)?")]
    private static partial Regex Before();
}
