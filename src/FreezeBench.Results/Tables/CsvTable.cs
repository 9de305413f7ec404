using System.Globalization;
using CsvHelper;

namespace FreezeBench.Results.Tables;

/// <summary>A table as CSV for programs: full precision, invariant culture, line feeds, a header.</summary>
public static class CsvTable
{
    // As in the result files: no spreadsheet is to take a text for a formula.
    private const string Guarded = "=+-@\t\r'";

    /// <summary>The table's text.</summary>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="rows">Cells: texts, numbers, flags; null is an empty cell, since there is nothing.</param>
    public static string Of(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var writer = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }, true))
        {
            writer.WriteRecord([.. columns]);
            foreach (var row in rows)
                writer.WriteRecord([.. row.Select(Cell)]);
        }
        return text.ToString();
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Text(string.Concat(value.ToString()!.Select(character => char.IsControl(character) ? ' ' : character))),
    };

    private static string Text(string text) => text.Length > 0 && Guarded.Contains(text[0]) ? "'" + text : text;
}
