namespace FreezeBench.Results.Rows;

/// <summary>Stand-in until the reader lands.</summary>
public static class RowFile
{
    /// <summary>Rows with their lines.</summary>
    public static IEnumerable<(long Line, TRow Row)> Rows<TRow>(string path) where TRow : IResultRow
    {
        var line = 1L;
        foreach (var row in ResultStore.Read<TRow>(path))
            yield return (++line, row);
    }
}
