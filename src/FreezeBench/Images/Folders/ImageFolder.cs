using FreezeBench.Images.Sets;
using FreezeBench.Results;
using static TorchSharp.torch;

namespace FreezeBench.Images.Folders;

/// <summary>What a folder of images holds.</summary>
/// <param name="Training">The images below <c>train</c>; the caller disposes it.</param>
/// <param name="Test">The images below <c>val</c> or <c>test</c>, with the same classes; the caller disposes it.</param>
/// <param name="Skipped">Images that cannot be decoded and were left out, because the caller asked for it.</param>
/// <param name="IgnoredFiles">Files of other kinds than <see cref="ImageFolder.Extensions"/>, which are left out always.</param>
public sealed record ImageFolderSets(ImageFolderSet Training, ImageFolderSet Test, IReadOnlyList<UnreadableImage> Skipped, int IgnoredFiles) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var set in new[] { Training, Test })
            set.Dispose();
    }
}

/// <summary>
/// Reads a data set of one's own: <c>train/CLASS/image.jpg</c> and <c>val/CLASS/image.jpg</c> (or <c>test</c>), the layout of
/// torchvision's <c>ImageFolder</c>.
/// </summary>
/// <remarks>
/// Classes are the folders in ordinal order of their names; images are in ordinal order of their path below the class, folders
/// inside of it included. Folders whose name begins with a point belong to a program: they are no class, and what is below one inside a class
/// is ignored.
/// </remarks>
public static class ImageFolder
{
    /// <summary>What the name of such a set begins with; the path follows.</summary>
    public const string Prefix = "imagefolder:";

    private const string TrainingFolder = "train";
    private const int MostListed = 20;

    /// <summary>The files that are images by their name's end, in any case.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".png", ".bmp"];

    /// <summary>
    /// Reads and decodes every image once, to find those that are none before any training, and to learn sizes and content.
    /// No pixel is kept: batches decode again.
    /// </summary>
    /// <param name="path">The folder with <c>train</c> and <c>val</c> (or <c>test</c>).</param>
    /// <param name="device">Where labels live and batches are made.</param>
    /// <param name="skipUnreadable">Leave out what cannot be decoded, and list it in the result, instead of refusing the folder.</param>
    /// <param name="workers">Threads that decode, here and ahead of training; null: one less than the machine's processors, at least one.</param>
    /// <exception cref="UserErrorException">
    /// A missing folder, both val and test, different classes in the two, fewer than two classes, a class without images, or images
    /// that cannot be decoded.
    /// </exception>
    public static ImageFolderSets Load(string path, Device device, bool skipUnreadable = false, int? workers = null)
    {
        if (workers is { } asked)
            ArgumentOutOfRangeException.ThrowIfLessThan(asked, 1, nameof(workers));
        // The training thread needs a processor too.
        var threads = workers ?? Math.Max(1, Environment.ProcessorCount - 1);
        var root = Path.GetFullPath(path);
        if (!Directory.Exists(root))
            throw new UserErrorException($"The image folder '{path}' does not exist. {WhatIsExpected}");
        var test = TestFolder(root);
        var classes = ClassNames(root, test);
        var training = ClassFolder.List(root, TrainingFolder, classes);
        var testing = ClassFolder.List(root, test, classes);

        var files = training.Concat(testing).SelectMany(folder => folder.Files).ToList();
        var results = ImageFileCheck.DecodeAll(files, threads);
        var unreadable = results.Index().Where(result => result.Item.Entry is null)
            .Select(result => new UnreadableImage(Relative(root, files[result.Index].Path), result.Item.Reason)).ToList();
        if (unreadable is not [] && !skipUnreadable)
            throw new UserErrorException(Listing(path, unreadable, files.Count));
        var trainingFiles = training.Sum(folder => folder.Files.Count);
        ThrowIfAClassIsEmpty(path, TrainingFolder, classes, results.Take(trainingFiles));
        ThrowIfAClassIsEmpty(path, test, classes, results.Skip(trainingFiles));

        // Not the whole path: results are for others too, and where a folder lies is nobody's business.
        var name = Prefix + Path.GetFileName(Path.TrimEndingDirectorySeparator(root));
        ImageFolderSet Set(IEnumerable<CheckedFile> images) => ImageFolderSet.Create(name, classes, [.. images.Select(image => image.Entry).OfType<ImageFileEntry>()], device, threads);
        return new ImageFolderSets(Set(results.Take(trainingFiles)), Set(results.Skip(trainingFiles)), unreadable,
            training.Concat(testing).Sum(folder => folder.Ignored));
    }

    private static string WhatIsExpected => "Give the folder that has train and val (or test), each with one folder of images for every class "
        + $"(train/ants/1.jpg); images end in {string.Join(", ", Extensions)}.";

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

    private static void ThrowIfAClassIsEmpty(string path, string split, List<string> classes, IEnumerable<CheckedFile> images)
    {
        var seen = images.Select(image => image.Entry?.Label).ToHashSet();
        var empty = classes.Where((_, label) => !seen.Contains(label)).ToList();
        if (empty is not [])
            throw new UserErrorException($"'{path}' has no readable image for {string.Join(", ", empty.Select(name => $"{split}/{name}"))}; "
                + $"images end in {string.Join(", ", Extensions)}. Add some, or remove the class from both parts.");
    }

    private static string Listing(string path, List<UnreadableImage> unreadable, int count)
    {
        List<string> lines = [$"{unreadable.Count} of {count} images in '{path}' cannot be decoded:"];
        lines.AddRange(unreadable.Take(MostListed).Select(image => $"  {image.Path}: {image.Reason}"));
        if (unreadable.Count > MostListed)
            lines.Add($"  and {unreadable.Count - MostListed} more");
        lines.Add("Fetch them again, remove them, or pass ‹skipUnreadable› to train without them.");
        return string.Join('\n', lines);
    }

    private static string Relative(string root, string file) => Path.GetRelativePath(root, file).Replace('\\', '/');
}
