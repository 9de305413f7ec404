using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Sets;

/// <summary>An environment's folder as it was at one moment, for a reader that takes its rows one at a time and keeps none.</summary>
public sealed class EnvironmentRows : IDisposable
{
    private readonly FolderSnapshot files;

    private EnvironmentRows(FolderSnapshot files, EnvironmentRecord environment) => (this.files, Environment) = (files, environment);

    /// <summary>The record in the folder.</summary>
    public EnvironmentRecord Environment { get; }

    /// <summary>The environments' folders that <see cref="ResultSet.Load"/> reads, full paths in ordinal order.</summary>
    /// <exception cref="UserErrorException">The folder is missing or holds no environment.</exception>
    public static IReadOnlyList<string> Folders(string path) => ResultSet.Folders(path);

    /// <summary>Opens a folder of <see cref="Folders"/>.</summary>
    /// <exception cref="UserErrorException">It has no record, or one that cannot be read; or a writer kept its lock too long.</exception>
    public static EnvironmentRows Open(string folder)
    {
        var environment = EnvironmentFolder.ReadRecord(folder);
        return new EnvironmentRows(FolderSnapshot.Open(folder, EnvironmentFolder.RowFiles), environment);
    }

    /// <summary>The rows of a file, one at a time; once. None where there is no such file.</summary>
    /// <exception cref="UserErrorException">While enumerating: the file is malformed, with file, line and column, or something else than a file.</exception>
    public IEnumerable<TRow> Of<TRow>() where TRow : IResultRow => files.Rows<TRow>().Select(line => line.Row);

    /// <inheritdoc/>
    public void Dispose() => files.Dispose();
}
