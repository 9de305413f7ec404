namespace FreezeBench.Results.Rows;

/// <summary>The rows of a result file with the lines they are on, one at a time.</summary>
public static class RowFile
{
    /// <summary>The rows of a file in its order; it is read while they are enumerated, anew each time, and memory does not
    /// grow with it.</summary>
    /// <param name="path">A file of <typeparamref name="TRow"/>'s columns; its name is free.</param>
    /// <returns>Each row and the line on which it begins, from 1; the header is line 1.</returns>
    /// <exception cref="UserErrorException">While enumerating: the file is missing, malformed, cut or newer; with file, line
    /// and column. Rows before the fault have been returned by then.</exception>
    public static IEnumerable<(long Line, TRow Row)> Rows<TRow>(string path) where TRow : IResultRow
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Enumerated<TRow>(path);
    }

    private static IEnumerable<(long Line, TRow Row)> Enumerated<TRow>(string path) where TRow : IResultRow
    {
        using var reader = new RowReader<TRow>(path, new TextPool());
        while (reader.Next())
            yield return (reader.Line, reader.Row());
    }
}
