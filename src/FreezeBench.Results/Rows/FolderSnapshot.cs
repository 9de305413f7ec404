namespace FreezeBench.Results.Rows;

/// <summary>The files of a results folder as they were at one moment, while others may write.</summary>
/// <remarks>All are opened under the folder's lock, which is then let go: writers replace files by moving others into their place, and an
/// open file stays the one that it was. So a reader neither sees half of a write nor keeps a writer waiting.</remarks>
internal sealed class FolderSnapshot : IDisposable
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, (FileStream? File, Exception? Error)> files = [];

    private FolderSnapshot(string folder) => Folder = folder;

    /// <summary>Full path.</summary>
    internal string Folder { get; }

    /// <param name="folder">It exists.</param>
    /// <param name="names">Those that are missing are passed over.</param>
    /// <param name="locked">Whether the caller holds the folder's lock.</param>
    /// <exception cref="UserErrorException">A writer kept the lock too long.</exception>
    internal static FolderSnapshot Open(string folder, IReadOnlyList<string> names, bool locked = false)
    {
        if (locked)
            return OpenNow(folder, names);
        // Before its first row a folder has no lock; one that comes meanwhile has a writer behind it.
        if (!FolderLock.IsThere(folder))
        {
            var snapshot = OpenNow(folder, names);
            if (!FolderLock.IsThere(folder))
                return snapshot;
            snapshot.Dispose();
        }
        using var held = FolderLock.TakeToRead(folder, patience);
        return OpenNow(folder, names);
    }

    /// <summary>Rows of a file with their lines, one at a time; once.</summary>
    /// <exception cref="UserErrorException">While enumerating: as <see cref="RowFile.Rows"/>.</exception>
    internal IEnumerable<(long Line, TRow Row)> Rows<TRow>() where TRow : IResultRow
    {
        using var reader = Reader<TRow>(new TextPool());
        while (reader?.Next() == true)
            yield return (reader.Line, reader.Row());
    }

    /// <summary>A reader of a file, for the caller; null where there is none. Once.</summary>
    /// <exception cref="UserErrorException">The file cannot be read or is no such file.</exception>
    internal RowReader<TRow>? Reader<TRow>(TextPool pool) where TRow : IResultRow
    {
        var path = Path.Combine(Folder, TRow.FileName);
        if (!files.Remove(TRow.FileName, out var found))
            return null;
        if (found.Error is { } error)
            throw new UserErrorException($"{path} cannot be read: {error.Message}", error);
        return new RowReader<TRow>(path, found.File!, pool);
    }

    public void Dispose()
    {
        foreach (var (file, _) in files.Values)
            file?.Dispose();
        files.Clear();
    }

    private static FolderSnapshot OpenNow(string folder, IReadOnlyList<string> names)
    {
        var snapshot = new FolderSnapshot(folder);
        var pending = FolderCommit.Pending(folder);
        foreach (var name in names)
            snapshot.Open(name, Path.Combine(folder, pending.GetValueOrDefault(name, name)));
        return snapshot;
    }

    private void Open(string name, string path)
    {
        try
        {
            // A pipe of that name is opened by nobody, and said.
            if (Path.Exists(path))
                files[name] = (RowReader<RemarkRow>.OpenFile(path), null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            files[name] = (null, error);
        }
    }
}
