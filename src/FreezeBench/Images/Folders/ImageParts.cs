using System.Globalization;
using FreezeBench.Results;

namespace FreezeBench.Images.Folders;

/// <summary>Which files of a folder are trained on and which are tested on.</summary>
/// <param name="Classes">Names, in ordinal order.</param>
/// <param name="Training">Name of the part, its files.</param>
/// <param name="Test">The same to test on.</param>
/// <param name="Ignored">How many files of each other kind there are.</param>
internal sealed record ImageParts(IReadOnlyList<string> Classes, (string Name, IReadOnlyList<ImageFile> Files) Training, (string Name, IReadOnlyList<ImageFile> Files) Test, IReadOnlyDictionary<string, int> Ignored)
{
    private const string TrainingFolder = "train";

    // One rule: exactly one of these is there.
    private static readonly string[] testFolders = ["val", "valid", "validation", "test"];

    private static string WhatIsExpected => $"Give the folder that has {TrainingFolder} and one of {string.Join(", ", testFolders)}, each with one folder of images for every class "
        + $"(train/ants/1.jpg); images end in {string.Join(", ", ImageFileNames.Extensions)}.";

    /// <summary>Finds the parts, or divides a folder of classes.</summary>
    /// <exception cref="UserErrorException">The folder has another layout; the message says which is expected.</exception>
    internal static ImageParts Find(string path, FolderSplit? split)
    {
        var root = Existing(path);
        var hasTraining = Directory.Exists(Path.Combine(root, TrainingFolder));
        if (split is null)
            return hasTraining ? OfFolders(root) : throw new UserErrorException($"'{root}' has no folder {TrainingFolder}. {WhatIsExpected}"
                + (FolderWalk.Names(root).Count >= 2 ? " Or divide the class folders in it: ‹split› 0.8 trains on 80 % of every class and tests on the rest." : ""));
        return hasTraining
            ? throw new UserErrorException($"‹split› is {split.Text}, but '{root}' is divided already: it has a folder {TrainingFolder}. Leave ‹split› out.")
            : Divided(root, split);
    }

    /// <summary>All that is trained on: the part for it, or everything where there are no parts.</summary>
    internal static (string Name, IReadOnlyList<string> Classes, List<ImageFile> Files) FindTraining(string path)
    {
        var root = Existing(path);
        var part = Directory.Exists(Path.Combine(root, TrainingFolder)) ? TrainingFolder : "";
        var classes = ClassNames(root, part);
        var folders = ClassFolder.List(root, part, classes);
        ThrowIfAnyIsTwice(root, folders);
        return (part, classes, [.. folders.SelectMany(folder => folder.Files)]);
    }

    private static string Existing(string path)
    {
        var root = Path.GetFullPath(path);
        if (!Directory.Exists(root))
            throw new UserErrorException($"The image folder '{path}' {PathText.NoFolder(root)}. {WhatIsExpected}");
        return root;
    }

    private static ImageParts OfFolders(string root)
    {
        var test = testFolders.Where(name => Directory.Exists(Path.Combine(root, name))).ToList() switch
        {
            [] => throw new UserErrorException($"'{root}' has none of {string.Join(", ", testFolders)}: no images to test on. {WhatIsExpected}"),
            [var only] => only,
            // One is for choosing, the other for the last word; which of them is meant is not for a program to guess.
            var several => throw new UserErrorException($"'{root}' has {string.Join(" and ", several)}. Move those that are not to be tested on out of the folder."),
        };
        var classes = ClassNames(root, TrainingFolder);
        var testing = ClassFolder.Names(Path.Combine(root, test));
        string Only(string folder, IEnumerable<string> names) => names.ToList() is { Count: > 0 } some ? $" Only in {folder}: {string.Join(", ", some)}." : "";
        var differences = Only(TrainingFolder, classes.Except(testing)) + Only(test, testing.Except(classes));
        if (differences.Length > 0)
            throw new UserErrorException($"'{root}' has other classes in {TrainingFolder} than in {test}.{differences} Each class needs a folder in both.{Accents([.. classes.Except(testing), .. testing.Except(classes)])}");
        var (training, tested) = (ClassFolder.List(root, TrainingFolder, classes), ClassFolder.List(root, test, classes));
        ThrowIfAnyIsTwice(root, [.. training, .. tested]);
        return new(classes, (TrainingFolder, [.. training.SelectMany(folder => folder.Files)]), (test, [.. tested.SelectMany(folder => folder.Files)]), Counted(training.Concat(tested)));
    }

    // "é" is one letter, or "e" and an accent behind it, as macOS writes names: on Linux these are two names that nobody sees to differ.
    private static string Accents(IReadOnlyList<string> names) => names.Any(name => name.Any(letter => char.GetUnicodeCategory(letter) == UnicodeCategory.NonSpacingMark))
        ? " A letter with an accent can be written in two ways, which are two names though they look alike: rename the folders of one part." : "";

    private static ImageParts Divided(string root, FolderSplit split)
    {
        var classes = ClassNames(root, "");
        var folders = ClassFolder.List(root, "", classes);
        var few = classes.Where((_, label) => folders[label].Files.Count < 2).ToList();
        if (few is not [])
            throw new UserErrorException($"‹split› {split.Text} of '{root}' needs 2 images of every class; these have fewer: {string.Join(", ", few)}. Add some, or remove the class; images end in {string.Join(", ", ImageFileNames.Extensions)}.");
        ThrowIfAnyIsTwice(root, folders);
        var divided = folders.Select((folder, label) => split.Divide(folder.Files, label)).ToList();
        return new(classes, ("", [.. divided.SelectMany(part => part.Training)]), ("", [.. divided.SelectMany(part => part.Test)]), Counted(folders));
    }

    private static List<string> ClassNames(string root, string part)
    {
        var names = ClassFolder.Names(Path.Combine(root, part));
        return names.Count >= 2 ? names
            : throw new UserErrorException($"'{root}' has {names.Count} class folder(s){(part == "" ? "" : $" in {part}")}; 2 are the fewest. {WhatIsExpected}");
    }

    // Within a folder a link to an image that is there is left out. From another class it would give the image two labels, and from
    // another part it would be tested on what was trained on: nobody can guess which of the two is meant.
    private static void ThrowIfAnyIsTwice(string root, IReadOnlyList<ClassFolder> folders)
    {
        Dictionary<string, string> seen = [];
        foreach (var file in folders.SelectMany(folder => folder.Files))
            if (RegularFile.IdentityOf(file.Path) is { } identity && !seen.TryAdd(identity, file.Path))
                throw new UserErrorException($"In '{root}', {Below(root, file.Path)} is the same file as {Below(root, seen[identity])}: it would have two labels, or be trained and tested on. Remove one of the links.");
    }

    private static string Below(string root, string path) => ForeignText.Shown(Path.GetRelativePath(root, path));

    private static SortedDictionary<string, int> Counted(IEnumerable<ClassFolder> folders)
    {
        SortedDictionary<string, int> all = new(StringComparer.Ordinal);
        foreach (var (kind, count) in folders.SelectMany(folder => folder.Ignored))
            all[kind] = all.GetValueOrDefault(kind) + count;
        return all;
    }
}
