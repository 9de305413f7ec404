using System.Text;
using CsvHelper;

namespace FreezeBench.Results.Rows;

/// <summary>The bytes of a result file: header and rows, read and written by the row type's columns.</summary>
internal static class RowTable<TRow> where TRow : IResultRow
{
    /// <summary>A cell is a name, a number or a hash; a larger record is an unclosed quote or an attack.</summary>
    private const int LargestRecordBytes = 1 << 20;

    private static readonly IReadOnlyList<Column> columns = Column.Of<TRow>();
    private static readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly CsvReaderOptions readerOptions = new()
    {
        Separator = ',',
        TrackLineNumbers = true,
        MaxRecordSize = LargestRecordBytes,
        // Most cells of a column are the same text a thousand times over: one string then serves them all.
        PoolStrings = true,
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Throw,
    };

    /// <summary>The header line, with its line feed.</summary>
    internal static string Header { get; } = Lines([[.. columns.Select(column => column.Name)]]);

    /// <summary>The rows' lines.</summary>
    /// <exception cref="ArgumentException">A value cannot be written: not finite, an empty text, control characters.</exception>
    internal static byte[] Render(IEnumerable<TRow> rows) => utf8.GetBytes(Lines(rows.Select(row => columns.Select(column => Cell(column, row)).ToArray())));

    /// <summary>The rows of a file's bytes.</summary>
    /// <exception cref="UserErrorException">With file, line and column.</exception>
    internal static IReadOnlyList<TRow> Parse(string path, byte[] bytes)
    {
        List<TRow> rows = [];
        using var reader = Open(path, bytes);
        try
        {
            var places = Places(path, reader.Headers);
            while (reader.Read())
                rows.Add(Row(path, reader, places));
        }
        catch (CsvFormatException error)
        {
            throw new UserErrorException($"{path}, line {error.LineNumber}: this is no well-formed CSV: {error.Message}", error);
        }
        return rows;
    }

    private static CsvReader Open(string path, byte[] bytes)
    {
        try
        {
            // Decoded here, because a strict decoder refuses what is not UTF-8 instead of replacing it.
            return CsvReader.FromText(utf8.GetString(bytes).TrimStart('\uFEFF'), readerOptions);
        }
        catch (DecoderFallbackException error)
        {
            var line = bytes.Take(Math.Max(0, error.Index)).Count(value => value == '\n') + 1;
            throw new UserErrorException($"{path}, line {line}: the file is not UTF-8. Save it as UTF-8 or restore it from version control.", error);
        }
    }

    /// <summary>Where each column is in the file; -1 where an older file lacks it.</summary>
    private static int[] Places(string path, IReadOnlyList<string> header)
    {
        foreach (var (index, name) in header.Index())
        {
            if (!columns.Any(column => column.Name == name))
                throw new UserErrorException($"{path}, line 1, column {index + 1}: '{name}' is no column of {TRow.FileName} in schema version {IResultRow.CurrentSchemaVersion}. Use a newer FreezeBench if one wrote it, or rename the file.");
            if (header.Take(index).Contains(name))
                throw new UserErrorException($"{path}, line 1, column {index + 1}: '{name}' is there twice.");
        }
        var names = header.ToList();
        var missing = columns.FirstOrDefault(column => !column.MayBeMissing && !names.Contains(column.Name));
        return missing is null
            ? [.. columns.Select(column => names.IndexOf(column.Name))]
            : throw new UserErrorException($"{path}, line 1: column '{missing.Name}' is missing.");
    }

    private static TRow Row(string path, CsvReader reader, int[] places)
    {
        var row = Activator.CreateInstance<TRow>();
        for (var index = 0; index < places.Length; index++)
        {
            var column = columns[index];
            column.Set(row, places[index] < 0 ? column.MissingValue : Value(path, reader, column, places[index]));
        }
        return row.SchemaVersion <= IResultRow.CurrentSchemaVersion
            ? row
            : throw new UserErrorException($"{path}, line {reader.LineNumber}, column schema_version: it is {row.SchemaVersion}; this program knows up to {IResultRow.CurrentSchemaVersion}. Use a newer FreezeBench.");
    }

    private static object? Value(string path, CsvReader reader, Column column, int place)
    {
        var text = reader.GetString(place);
        try
        {
            return column.Converter.Read(text);
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw new UserErrorException($"{path}, line {reader.LineNumber}, column {column.Name}: '{text}' is not valid ({column.Unit}): {error.Message}", error);
        }
    }

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
