using FreezeBench.Images.Sets;
using FreezeBench.Results;
using static TorchSharp.torch;

namespace FreezeBench.Images.Folders;

/// <summary>What a folder of images holds.</summary>
/// <param name="Training">The images below <c>train</c>; the caller disposes it.</param>
/// <param name="Test">The images below <c>val</c> or <c>test</c>, with the same classes; the caller disposes it.</param>
/// <param name="Skipped">Images that cannot be decoded and were left out, because the caller asked for it.</param>
/// <param name="Ignored">
/// How many others there are, which are left out always, by kind: files whose name ends otherwise than in <see cref="ImageFolder.Extensions"/>,
/// hidden ones, and links to an image that is there already.
/// </param>
public sealed record ImageFolderSets(ImageFolderSet Training, ImageFolderSet Test, IReadOnlyList<UnreadableImage> Skipped, IReadOnlyDictionary<string, int> Ignored) : IDisposable
{
    /// <summary>Test images that are to the last byte among those to train on.</summary>
    public int TrainedTestImages { get; internal init; }

    /// <summary>Sum of <see cref="Ignored"/>.</summary>
    public int IgnoredFiles => Ignored.Values.Sum();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var set in new[] { Training, Test })
            set.Dispose();
    }
}

/// <summary>
/// Reads a data set of one's own: <c>train/CLASS/image.jpg</c> and <c>val/CLASS/image.jpg</c> (or <c>valid</c>, <c>validation</c>, <c>test</c>),
/// the layout of torchvision's <c>ImageFolder</c>; or <c>CLASS/image.jpg</c>, which is divided.
/// </summary>
/// <remarks>
/// Classes are the folders in ordinal order of their names; images are in ordinal order of their path below the class, folders
/// inside of it included, each once, however many links lead to it. What begins with a point belongs to a program: such a folder is no class,
/// and such a file no image.
/// </remarks>
public static class ImageFolder
{
    /// <summary>What the name of such a set begins with; the path follows.</summary>
    public const string Prefix = ImageFileNames.Prefix;

    private const int MostListed = 20;

    /// <summary>The files that are images by their name's end, in any case: what the decoder reads. Of a moving picture it is the first.</summary>
    public static IReadOnlyList<string> Extensions => ImageFileNames.Extensions;

    /// <summary>
    /// Reads and decodes every image once, to find those that are none before any training, and to learn sizes and content.
    /// No pixel is kept: batches decode again.
    /// </summary>
    /// <param name="path">The folder with <c>train</c> and <c>val</c>, or with the classes.</param>
    /// <param name="device">Where labels live and batches are made.</param>
    /// <param name="skipUnreadable">Leave out what cannot be decoded, and list it in the result, instead of refusing the folder.</param>
    /// <param name="workers">Threads that decode, here and ahead of training; null: one less than the machine's processors, at least one.</param>
    /// <param name="split">Divides a folder of classes; null: it has the parts.</param>
    /// <exception cref="UserErrorException">
    /// A missing folder, several to test on, different classes in the two, fewer than two classes, a class without images, links in a circle, or
    /// images that cannot be decoded.
    /// </exception>
    public static ImageFolderSets Load(string path, Device device, bool skipUnreadable = false, int? workers = null, FolderSplit? split = null)
    {
        var threads = Threads(workers);
        var parts = ImageParts.Find(path, split);
        var (checkedFiles, unreadable) = Decoded(path, [.. parts.Training.Files, .. parts.Test.Files], skipUnreadable, threads);
        var (training, test) = (checkedFiles.Take(parts.Training.Files.Count).ToList(), checkedFiles.Skip(parts.Training.Files.Count).ToList());
        ImageFileCheck.ThrowIfAClassIsEmpty(path, parts.Training.Name, parts.Classes, training);
        ImageFileCheck.ThrowIfAClassIsEmpty(path, parts.Test.Name, parts.Classes, test);
        ImageFolderSet Set(IEnumerable<CheckedFile> images) => SetOf(path, parts.Classes, images, device, threads);
        static IEnumerable<string> Digests(IEnumerable<CheckedFile> images) => images.Select(image => image.Entry).OfType<ImageFileEntry>().Select(entry => Convert.ToHexString(entry.Digest));
        var trained = Digests(training).ToHashSet();
        return new ImageFolderSets(Set(training), Set(test), unreadable, parts.Ignored) { TrainedTestImages = Digests(test).Count(trained.Contains) };
    }

    /// <summary>So many of the images to train on, evenly from all classes, for measuring: nobody tests on them.</summary>
    /// <param name="path">As in <see cref="Load"/>; a folder of classes is taken whole.</param>
    /// <param name="device">Where labels live and batches are made.</param>
    /// <param name="limit">At most so many; only these are decoded.</param>
    /// <exception cref="UserErrorException">As <see cref="Load"/>.</exception>
    public static ImageFolderSet LoadTraining(string path, Device device, int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var threads = Threads(null);
        var (_, classes, files) = ImageParts.FindTraining(path);
        var count = Math.Min(limit, files.Count);
        var chosen = Enumerable.Range(0, count).Select(index => files[(int)((long)index * files.Count / count)]).ToList();
        return chosen is []
            ? throw new UserErrorException($"'{path}' has no image; images end in {string.Join(", ", Extensions)}.")
            : SetOf(path, classes, Decoded(path, chosen, skipUnreadable: false, threads).Files, device, threads);
    }

    private static int Threads(int? workers)
    {
        if (workers is { } asked)
            ArgumentOutOfRangeException.ThrowIfLessThan(asked, 1, nameof(workers));
        // The training thread needs a processor too.
        return workers ?? Math.Max(1, Environment.ProcessorCount - 1);
    }

    private static ImageFolderSet SetOf(string path, IReadOnlyList<string> classes, IEnumerable<CheckedFile> images, Device device, int threads) => ImageFolderSet.Create(
        ImageFileNames.NameOf(path), classes, [.. images.Select(image => image.Entry).OfType<ImageFileEntry>()], device, threads);

    private static (CheckedFile[] Files, List<UnreadableImage> Unreadable) Decoded(string path, List<ImageFile> files, bool skipUnreadable, int threads)
    {
        var results = ImageFileCheck.DecodeAll(files, threads);
        var unreadable = ImageFileCheck.Unreadable(path, files, results);
        return unreadable is [] || skipUnreadable ? (results, unreadable) : throw new UserErrorException(Listing(path, unreadable, files.Count));
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
}
