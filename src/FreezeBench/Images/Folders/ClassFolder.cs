using FreezeBench.Results;

namespace FreezeBench.Images.Folders;

/// <summary>An image that nobody has looked into.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Label">The class of its folder.</param>
internal readonly record struct ImageFile(string Path, int Label);

/// <summary>The files of one class in one part of a data set.</summary>
/// <param name="Files">Images by their names, in ordinal order of the path.</param>
/// <param name="Ignored">How many others of each kind there are.</param>
internal sealed record ClassFolder(IReadOnlyList<ImageFile> Files, IReadOnlyDictionary<string, int> Ignored)
{
    /// <summary>The class names of a part, in ordinal order.</summary>
    /// <exception cref="UserErrorException">The folder cannot be listed, or a name cannot stand in a row.</exception>
    internal static List<string> Names(string folder)
    {
        var names = FolderWalk.Names(folder);
        if (names.Select(name => (Name: name, Fault: PathText.EncodingFaultOf(Path.Combine(folder, name)))).FirstOrDefault(named => named.Fault is not null) is { Fault: { } fault } unnamed)
            throw new UserErrorException($"The class folder '{unnamed.Name}' in '{folder}': {fault}");
        // Rows and tables have names in one line, and a terminal acts on what is in them.
        return names.FirstOrDefault(name => name.Any(ForeignText.IsSteering)) is { } odd
            ? throw new UserErrorException($"The class folder '{ForeignText.Shown(odd)}' in '{folder}' has a control character in its name, which no row can hold. Rename it.")
            : names;
    }

    /// <summary>The folders of a part, in the order of the classes.</summary>
    /// <param name="root">The data set's folder.</param>
    /// <param name="part">Of it; empty: itself.</param>
    /// <param name="classes">Names of the folders.</param>
    internal static List<ClassFolder> List(string root, string part, IReadOnlyList<string> classes)
    {
        var folder = Path.Combine(root, part);
        var above = new[] { root, folder }.Select(RegularFile.IdentityOf).OfType<string>().ToHashSet();
        return [.. classes.Select((name, label) => Open(root, Path.Combine(folder, name), label, above))];
    }

    private static ClassFolder Open(string root, string folder, int label, HashSet<string> above)
    {
        var walk = FolderWalk.Of(root, folder, above);
        return new ClassFolder(walk.Images.ConvertAll(file => new ImageFile(file, label)), walk.Ignored);
    }
}
