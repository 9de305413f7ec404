using FreezeBench.Results;

namespace FreezeBench.Images.Folders;

/// <summary>An image that nobody has looked into.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Label">The class of its folder.</param>
internal readonly record struct ImageFile(string Path, int Label);

/// <summary>The files of one class in one part of a data set.</summary>
/// <param name="Files">Images by their names, in ordinal order of the path.</param>
/// <param name="Ignored">Files of other kinds.</param>
internal sealed record ClassFolder(IReadOnlyList<ImageFile> Files, int Ignored)
{
    /// <summary>The class names of a part, in ordinal order: the same on every system and under every culture.</summary>
    internal static List<string> Names(string folder) => Listed(folder, () => Directory.EnumerateDirectories(folder)
        .Select(path => Path.GetFileName(path)).Where(name => !name.StartsWith('.')).Order(StringComparer.Ordinal).ToList());

    /// <summary>The folders of a part, in the order of the classes.</summary>
    internal static List<ClassFolder> List(string root, string part, List<string> classes) =>
        [.. classes.Select((name, label) => Open(Path.Combine(root, part, name), label))];

    private static ClassFolder Open(string folder, int label)
    {
        var all = Listed(folder, () => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).ToList());
        // Notebooks keep copies of files below such folders: the same image twice, and in training only.
        bool Hidden(string file) => Path.GetRelativePath(folder, file).Split('/', '\\').SkipLast(1).Any(part => part.StartsWith('.'));
        var images = all.Where(file => !Hidden(file) && ImageFolderLayout.Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
            .OrderBy(file => Path.GetRelativePath(folder, file).Replace('\\', '/'), StringComparer.Ordinal).ToList();
        return new ClassFolder(images.ConvertAll(file => new ImageFile(file, label)), all.Count - images.Count);
    }

    private static T Listed<T>(string folder, Func<T> list)
    {
        try
        {
            return list();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The folder '{folder}' cannot be listed: {e.Message.TrimEnd('.')}. Check that it may be read.", e);
        }
    }
}
