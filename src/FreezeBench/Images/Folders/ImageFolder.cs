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
    public const string Prefix = ImageFolderLayout.Prefix;

    private const int MostListed = 20;

    /// <summary>The files that are images by their name's end, in any case.</summary>
    public static IReadOnlyList<string> Extensions => ImageFolderLayout.Extensions;

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
        var layout = ImageFolderLayout.Read(path);
        var results = ImageFileCheck.DecodeAll(layout.Files, threads);
        var unreadable = layout.Unreadable(results);
        if (unreadable is not [] && !skipUnreadable)
            throw new UserErrorException(Listing(path, unreadable, layout.Files.Count));
        layout.ThrowIfAClassIsEmpty(results);

        ImageFolderSet Set(IEnumerable<CheckedFile> images) => ImageFolderSet.Create(layout.Name, layout.Classes, [.. images.Select(image => image.Entry).OfType<ImageFileEntry>()], device, threads);
        return new ImageFolderSets(Set(results.Take(layout.TrainingFiles)), Set(results.Skip(layout.TrainingFiles)), unreadable, layout.Ignored);
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
