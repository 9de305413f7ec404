using FreezeBench.Results;

namespace FreezeBench.Images.Folders;

/// <summary>Which files of a folder of images are of which part and class; nobody has looked into them yet.</summary>
/// <remarks>Without torch, so that a peer of another framework reads the same images (bench/peers).</remarks>
internal sealed class ImageFolderLayout
{
    /// <summary>What the name of such a set begins with; the path follows.</summary>
    internal const string Prefix = "imagefolder:";

    private const string TrainingFolder = "train";

    private readonly string path;
    private readonly string root;
    private readonly string testFolder;

    private ImageFolderLayout(string path)
    {
        this.path = path;
        root = Path.GetFullPath(path);
        if (!Directory.Exists(root))
            throw new UserErrorException($"The image folder '{path}' does not exist. {WhatIsExpected}");
        testFolder = TestFolder(root);
        Classes = ClassNames(root, testFolder);
        var training = ClassFolder.List(root, TrainingFolder, Classes);
        var testing = ClassFolder.List(root, testFolder, Classes);
        TrainingFiles = training.Sum(folder => folder.Files.Count);
        Files = [.. training.Concat(testing).SelectMany(folder => folder.Files)];
        Ignored = training.Concat(testing).Sum(folder => folder.Ignored);
    }

    /// <summary>The files that are images by their name's end, in any case.</summary>
    internal static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".png", ".bmp"];

    /// <summary>The name in rows. Not the whole path: results are for others too, and where a folder lies is nobody's business.</summary>
    internal string Name => Prefix + Path.GetFileName(Path.TrimEndingDirectorySeparator(root));

    /// <summary>In ordinal order; a label is a place in it.</summary>
    internal List<string> Classes { get; }

    /// <summary>Those to train on, then those to test on, class by class.</summary>
    internal IReadOnlyList<ImageFile> Files { get; }

    /// <summary>How many of them are to train on.</summary>
    internal int TrainingFiles { get; }

    /// <summary>Files of other kinds.</summary>
    internal int Ignored { get; }

    private static string WhatIsExpected => "Give the folder that has train and val (or test), each with one folder of images for every class "
        + $"(train/ants/1.jpg); images end in {string.Join(", ", Extensions)}.";

    /// <summary>Lists a folder.</summary>
    /// <exception cref="UserErrorException">A missing folder, both val and test, different classes in the two, or fewer than two classes.</exception>
    internal static ImageFolderLayout Read(string path) => new(path);

    /// <summary>Files that could not be decoded.</summary>
    /// <param name="results">One for each of <see cref="Files"/>.</param>
    internal List<UnreadableImage> Unreadable(IReadOnlyList<CheckedFile> results) =>
        [.. results.Index().Where(result => result.Item.Entry is null)
            .Select(result => new UnreadableImage(Path.GetRelativePath(root, Files[result.Index].Path).Replace('\\', '/'), result.Item.Reason))];

    /// <summary>Refuses a folder in which a part has no image of a class.</summary>
    /// <param name="results">One for each of <see cref="Files"/>.</param>
    /// <exception cref="UserErrorException">The classes without images.</exception>
    internal void ThrowIfAClassIsEmpty(IReadOnlyList<CheckedFile> results)
    {
        ThrowIfAClassIsEmpty(TrainingFolder, results.Take(TrainingFiles));
        ThrowIfAClassIsEmpty(testFolder, results.Skip(TrainingFiles));
    }

    private void ThrowIfAClassIsEmpty(string part, IEnumerable<CheckedFile> images)
    {
        var seen = images.Select(image => image.Entry?.Label).ToHashSet();
        var empty = Classes.Where((_, label) => !seen.Contains(label)).ToList();
        if (empty is not [])
            throw new UserErrorException($"'{path}' has no readable image for {string.Join(", ", empty.Select(name => $"{part}/{name}"))}; "
                + $"images end in {string.Join(", ", Extensions)}. Add some, or remove the class from both parts.");
    }

    private static string TestFolder(string root)
    {
        if (!Directory.Exists(Path.Combine(root, TrainingFolder)))
            throw new UserErrorException($"'{root}' has no folder {TrainingFolder}. {WhatIsExpected}");
        return (Directory.Exists(Path.Combine(root, "val")), Directory.Exists(Path.Combine(root, "test"))) switch
        {
            (true, false) => "val",
            (false, true) => "test",
            (false, false) => throw new UserErrorException($"'{root}' has neither val nor test: no images to test on. {WhatIsExpected}"),
            // One is for choosing, the other for the last word; which of them is meant is not for a program to guess.
            _ => throw new UserErrorException($"'{root}' has both val and test. Move the one that is not to be tested on out of the folder."),
        };
    }

    private static List<string> ClassNames(string root, string test)
    {
        var training = ClassFolder.Names(Path.Combine(root, TrainingFolder));
        var testing = ClassFolder.Names(Path.Combine(root, test));
        string Only(string folder, IEnumerable<string> names) => names.ToList() is { Count: > 0 } some ? $" Only in {folder}: {string.Join(", ", some)}." : "";
        var differences = Only(TrainingFolder, training.Except(testing)) + Only(test, testing.Except(training));
        if (differences.Length > 0)
            throw new UserErrorException($"'{root}' has other classes in {TrainingFolder} than in {test}.{differences} Each class needs a folder in both.");
        return training.Count >= 2 ? training
            : throw new UserErrorException($"'{root}' has {training.Count} class folder(s) in {TrainingFolder}; 2 are the fewest. {WhatIsExpected}");
    }
}
