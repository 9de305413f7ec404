using FreezeBench.Results;

namespace FreezeBench.Images.Folders;

/// <summary>Everything below a folder of images: each file once, however many links lead to it.</summary>
/// <param name="named">How messages name the data set's folder.</param>
internal sealed class FolderWalk(string named)
{
    private readonly HashSet<string> seen = [];

    /// <summary>Images by their names, in ordinal order of the path below the folder.</summary>
    internal List<string> Images { get; } = [];

    /// <summary>How many entries of each kind are no images, by a word for it.</summary>
    internal SortedDictionary<string, int> Ignored { get; } = new(StringComparer.Ordinal);

    /// <summary>Walks through a folder and all below it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="above">Identities of the folders that it lies in.</param>
    /// <exception cref="UserErrorException">A folder cannot be listed, or a link leads back to a folder that it lies in.</exception>
    internal static FolderWalk Of(string named, string folder, IEnumerable<string> above)
    {
        var walk = new FolderWalk(named);
        walk.Enter(folder, [.. above]);
        walk.Images.Sort((left, right) => string.CompareOrdinal(Below(folder, left), Below(folder, right)));
        return walk;
    }

    /// <summary>Names of the sub-folders that are no program's, in ordinal order: the same on every system and under every culture.</summary>
    internal static List<string> Names(string folder) => [.. Listed(folder, () => Directory.GetDirectories(folder))
        .Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal)];

    private static string Below(string folder, string file) => Path.GetRelativePath(folder, file).Replace('\\', '/');

    private void Enter(string folder, HashSet<string> above)
    {
        var identity = RegularFile.IdentityOf(folder);
        if (identity is not null && !above.Add(identity))
            throw new UserErrorException($"The image folder '{named}': {ForeignText.Shown(folder)} is a symbolic link to a folder that it lies in, so that its images would be counted again and again. Remove the link.");
        // Ordinal, so that of two links to one file the same is taken everywhere.
        foreach (var file in Listed(folder, () => Directory.GetFiles(folder)).Order(StringComparer.Ordinal))
            Take(file);
        foreach (var inner in Listed(folder, () => Directory.GetDirectories(folder)).Order(StringComparer.Ordinal))
            // Notebooks keep copies of files in such folders: the same image twice, and in training only.
            if (Path.GetFileName(inner).StartsWith('.'))
                Ignore("hidden");
            else
                Enter(inner, above);
        if (identity is not null)
            above.Remove(identity);
    }

    private void Take(string file)
    {
        // Among them the ._name that macOS puts beside a file: it ends in .jpg and is none.
        if (Path.GetFileName(file).StartsWith('.'))
            Ignore("hidden");
        else if (!ImageFileNames.Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            Ignore(Path.GetExtension(file) is { Length: > 1 } end ? ForeignText.Shown(end.ToLowerInvariant(), 20) : "without an ending");
        else if (RegularFile.IdentityOf(file) is { } identity && !seen.Add(identity))
            Ignore("links to an image that is there already");
        else
            Images.Add(file);
    }

    private void Ignore(string kind) => Ignored[kind] = Ignored.GetValueOrDefault(kind) + 1;

    private static T Listed<T>(string folder, Func<T> list)
    {
        try
        {
            return list();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The folder '{folder}' cannot be listed: {PathText.EncodingFaultOf(folder) ?? $"{e.Message.TrimEnd('.')}. Check that it may be read."}", e);
        }
    }
}
