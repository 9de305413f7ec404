using CsvHelper;

namespace FreezeBench.Results.Rows;

/// <summary>Reads a result file row by row; memory does not grow with the file.</summary>
internal sealed class RowReader<TRow> : IDisposable where TRow : IResultRow
{
    /// <summary>A cell is a name, a number or a hash; a larger record is an unclosed quote or an attack.</summary>
    private const int LargestRecordBytes = 1 << 20;

    private static readonly IReadOnlyList<Column> columns = Column.Of<TRow>();

    private static readonly CsvReaderOptions options = new()
    {
        Separator = ',',
        TrackLineNumbers = true,
        MaxRecordSize = LargestRecordBytes,
        MalformedData = CsvMalformedDataHandling.Throw,
    };

    private readonly string path;
    private readonly Stream file;
    private readonly CellReader<TRow>[] cells;
    private readonly int[] places;

    /// <summary>Opens the file and checks its header.</summary>
    /// <param name="path">Its name is free.</param>
    /// <param name="pool">Shared by the files that are read together.</param>
    /// <exception cref="UserErrorException">The file cannot be read or is no such file.</exception>
    internal RowReader(string path, TextPool pool) : this(path, Open(path), pool)
    {
    }

    /// <summary>Reads a stream, which is closed with the reader.</summary>
    internal RowReader(string path, Stream file, TextPool pool)
    {
        (this.path, this.file) = (path, file);
        Csv = CsvReader.Create(new StrictText(path, file), options, leaveOpen: false);
        try
        {
            cells = [.. columns.Select(column => CellReader<TRow>.For(column, pool))];
            places = RowHeader.Places(path, TRow.FileName, columns, Guarded(() => Csv.Headers));
        }
        catch
        {
            Csv.Dispose();
            throw;
        }
    }

    /// <summary>The cells of the row that <see cref="Next"/> moved to.</summary>
    internal CsvReader Csv { get; }

    /// <summary>Line on which that row begins, from 1; the header is line 1.</summary>
    internal long Line => Csv.LineNumber;

    /// <summary>Place of a column in the file, from 0; -1 where an older file lacks it.</summary>
    internal int Place(string column) => places[columns.Index().First(known => known.Item.Name == column).Index];

    /// <summary>Moves to the next row; false at the end.</summary>
    /// <exception cref="UserErrorException">What comes next is no row; with file, line and column.</exception>
    internal bool Next()
    {
        bool there;
        try
        {
            there = Csv.Read();
        }
        catch (Exception error) when (Explained(error) is { } explained)
        {
            throw explained;
        }
        if (there && Csv.FieldCount != Csv.Headers.Count)
            throw new UserErrorException(FormattableString.Invariant($"{path}, line {Line}, column {Math.Min(Csv.FieldCount, Csv.Headers.Count) + 1}: the row's cells are {Csv.FieldCount}, the header's {Csv.Headers.Count}. Restore the file from version control."));
        return there;
    }

    /// <exception cref="UserErrorException">A cell has no value or the row is of a newer version; with file, line and column.</exception>
    internal TRow Row()
    {
        var row = Activator.CreateInstance<TRow>();
        for (var index = 0; index < places.Length; index++)
        {
            // The first column of every layout is the version, by which the others are judged.
            if (index == 1)
                RefuseUnknownVersion(row.SchemaVersion);
            if (places[index] >= 0)
                Read(row, cells[index], places[index]);
            // It was written with the column: the value that older rows had without saying it would be made up.
            else if (columns[index].Since <= row.SchemaVersion)
                throw new UserErrorException(FormattableString.Invariant($"{path}, line {Line}, column {columns[index].Name}: the file has no such column, which rows of schema version {row.SchemaVersion} have. Restore the file from version control."));
            else
                columns[index].Set(row, columns[index].MissingValue(row));
        }
        return row;
    }

    public void Dispose() => Csv.Dispose();

    private void RefuseUnknownVersion(int version)
    {
        if (version is < 1 or > IResultRow.CurrentSchemaVersion)
            throw new UserErrorException(FormattableString.Invariant($"{path}, line {Line}, column schema_version: it is {version}; this program knows 1 to {IResultRow.CurrentSchemaVersion}. Use a newer FreezeBench, or restore the file from version control."));
    }

    /// <summary>Opens a result file while others may write.</summary>
    /// <exception cref="IOException">It cannot be read, or <see cref="UnauthorizedAccessException"/>.</exception>
    internal static FileStream OpenFile(string path) =>
        // Writers replace the file by renaming, which Windows allows only where the readers share it for deletion.
        RegularFile.OpenRead(path, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);

    private static FileStream Open(string path)
    {
        try
        {
            return OpenFile(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{path} cannot be read: {error.Message}", error);
        }
    }

    private void Read(TRow row, CellReader<TRow> cell, int place)
    {
        try
        {
            cell.Read(row, Csv, place);
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            throw new UserErrorException(FormattableString.Invariant($"{path}, line {Line}, column {cell.Column.Name}: '{CellText.Shown(Csv.GetString(place))}' is not valid ({cell.Column.Unit}): {error.Message}"), error);
        }
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (Explained(error) is { } explained)
        {
            throw explained;
        }
    }

    private UserErrorException? Explained(Exception error) => error switch
    {
        CsvFormatException format => new UserErrorException($"{path}{TextPlace.Of(file, format.ByteOffset, ofOpenQuote: true)}: this is no well-formed CSV: {format.Message}", format),
        IOException or UnauthorizedAccessException => new UserErrorException($"{path} cannot be read: {error.Message}", error),
        _ => null,
    };
}
