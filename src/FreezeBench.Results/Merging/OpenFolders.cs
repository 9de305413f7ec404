using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Merging;

/// <summary>The folders of a merge, each as it was at one moment.</summary>
internal sealed class OpenFolders : IDisposable
{
    /// <param name="target">It may be missing.</param>
    /// <param name="sources">They exist.</param>
    /// <param name="locked">Whether the caller holds the target's lock.</param>
    internal OpenFolders(string target, IReadOnlyList<SourceFolder> sources, bool locked)
    {
        List<FolderSnapshot> opened = [];
        Sources = opened;
        try
        {
            Target = Directory.Exists(target) ? FolderSnapshot.Open(target, EnvironmentFolder.RowFiles, locked) : null;
            foreach (var source in sources)
                opened.Add(FolderSnapshot.Open(source.Folder, EnvironmentFolder.RowFiles));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Null: there is none yet.</summary>
    internal FolderSnapshot? Target { get; }

    internal IReadOnlyList<FolderSnapshot> Sources { get; }

    public void Dispose()
    {
        Target?.Dispose();
        foreach (var source in Sources)
            source.Dispose();
    }
}
