using System.Text;
using CsvHelper;

namespace FreezeBench.Results.Rows;

/// <summary>The bytes of a result file, header and rows, by the row type's columns. They are read by <see cref="RowReader{TRow}"/>.</summary>
internal static class RowTable<TRow> where TRow : IResultRow
{
    private static readonly IReadOnlyList<Column> columns = Column.Of<TRow>();
    private static readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    internal static string Header { get; } = Lines([[.. columns.Select(column => column.Name)]]);

    /// <exception cref="ArgumentException">A value cannot be written: not finite, an empty text, control characters.</exception>
    internal static byte[] Render(IEnumerable<TRow> rows) => utf8.GetBytes(Lines(rows.Select(row => columns.Select(column => Cell(column, row)).ToArray())));

    private static string Cell(Column column, TRow row)
    {
        try
        {
            return column.Converter.Write(column.Property.GetValue(row));
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException($"Column {column.Name}: {error.Message}", nameof(row), error);
        }
    }

    private static string Lines(IEnumerable<string[]> records)
    {
        using var text = new StringWriter();
        using (var writer = CsvWriter.Create(text, new CsvWriterOptions { NewLine = "\n" }, true))
        {
            foreach (var record in records)
                writer.WriteRecord(record);
        }
        return text.ToString();
    }
}
