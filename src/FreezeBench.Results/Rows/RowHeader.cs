namespace FreezeBench.Results.Rows;

/// <summary>Checks a result file's header line against the columns that this program knows.</summary>
internal static class RowHeader
{
    private static readonly (string File, IReadOnlyList<Column> Columns)[] known =
    [
        (BenchmarkRow.FileName, Column.Of<BenchmarkRow>()),
        (SampleRow.FileName, Column.Of<SampleRow>()),
        (AccuracyRow.FileName, Column.Of<AccuracyRow>()),
        (RunRow.FileName, Column.Of<RunRow>()),
        (MlNetRow.FileName, Column.Of<MlNetRow>()),
        (PerClassRow.FileName, Column.Of<PerClassRow>()),
    ];

    /// <summary>Where each column is in the file, by the order of <paramref name="columns"/>; -1 where an older file lacks it.</summary>
    /// <param name="path">For messages.</param>
    /// <param name="file">Name that files with such a header have.</param>
    /// <param name="columns">The columns of these files.</param>
    /// <param name="header">The cells of the first line.</param>
    /// <exception cref="UserErrorException">A column is unknown, there twice or missing; with file, line and column.</exception>
    internal static int[] Places(string path, string file, IReadOnlyList<Column> columns, IReadOnlyList<string> header)
    {
        if (header.Count == 0)
            throw new UserErrorException($"{path}, line 1: the file is empty: column '{columns[0].Name}' is missing. Restore the file from version control, or delete it.");
        if (known.FirstOrDefault(other => other.File != file && IsOf(other.Columns, header)).File is { } otherFile && !IsOf(columns, header))
            throw new UserErrorException($"{path}, line 1, column 1: this is the header of {otherFile}, not of {file}. Give the file its name back.");
        // A spreadsheet's other separators: what such a program has saved may also have lost decimals.
        if (header is [var only] && only.Split([';', '\t']) is { Length: > 1 } cells && cells.Any(cell => columns.Any(column => column.Name == cell.Trim('"'))))
            throw new UserErrorException($"{path}, line 1: its cells are set apart by '{(only.Contains(';') ? ";" : "a tab")}' instead of commas: a spreadsheet has saved it, and may have changed its numbers. Restore the file from version control.");
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (index, name) in header.Index())
        {
            if (!columns.Any(column => column.Name == name))
                throw new UserErrorException($"{path}, line 1, column {index + 1}: '{CellText.Shown(name)}' is no column of {file} in schema version {IResultRow.CurrentSchemaVersion}. Use a newer FreezeBench if one wrote it, or rename the file.");
            if (!names.TryAdd(name, index))
                throw new UserErrorException($"{path}, line 1, column {index + 1}: '{name}' is there twice.");
        }
        var missing = columns.FirstOrDefault(column => !column.MayBeMissing && !names.ContainsKey(column.Name));
        return missing is null
            ? [.. columns.Select(column => names.GetValueOrDefault(column.Name, -1))]
            : throw new UserErrorException($"{path}, line 1: column '{missing.Name}' is missing.");
    }

    private static bool IsOf(IReadOnlyList<Column> columns, IReadOnlyList<string> header) =>
        header.All(name => columns.Any(column => column.Name == name))
        && columns.All(column => column.MayBeMissing || header.Contains(column.Name));
}
