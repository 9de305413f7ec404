using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Merging;

/// <summary>An environment's folder that rows are copied from.</summary>
/// <param name="Folder">Full path.</param>
/// <param name="Environment">Its record.</param>
internal sealed record SourceFolder(string Folder, EnvironmentRecord Environment)
{
    /// <summary>The environments' folders of a source, which is one itself or holds some.</summary>
    /// <exception cref="UserErrorException">The source is missing, holds no environment, or a record in it is malformed.</exception>
    internal static IReadOnlyList<SourceFolder> Of(string source)
    {
        var root = Path.GetFullPath(source);
        if (!Directory.Exists(root))
            throw new UserErrorException($"The source {source} {PathText.NoFolder(root)}. Give a results folder, or an environment's folder in it.");
        string[] folders = Describes(root) ? [root] : [.. Directory.EnumerateDirectories(root).Where(Describes).Order(StringComparer.Ordinal)];
        return folders.Length > 0
            ? [.. folders.Select(folder => new SourceFolder(folder, FolderCommit.Read(folder, EnvironmentFile.FileName, EnvironmentFile.Read)))]
            : throw new UserErrorException($"The source {source} holds no results: neither it nor a folder in it has an {EnvironmentFile.FileName}.");
    }

    internal static bool Describes(string folder) => File.Exists(Path.Combine(folder, EnvironmentFile.FileName)) || FolderCommit.IsThere(folder);
}
