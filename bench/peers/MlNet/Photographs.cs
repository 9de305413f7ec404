using FreezeBench.Images;
using FreezeBench.Images.Folders;
using FreezeBench.Results;

namespace FreezeBench.MlNet;

/// <summary>An image of the folder.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Label">Its class, from 0.</param>
internal sealed record Photograph(string Path, int Label);

/// <summary>The images of a folder, every one decoded once: the same ones in the same order as the accuracy runner takes.</summary>
/// <param name="Name">In rows.</param>
/// <param name="Hash">As in the accuracy runner's rows.</param>
/// <param name="Classes">Names, by label.</param>
/// <param name="Training">To train on.</param>
/// <param name="Test">To test on.</param>
internal sealed record Photographs(string Name, string Hash, IReadOnlyList<string> Classes, IReadOnlyList<Photograph> Training, IReadOnlyList<Photograph> Test)
{
    private const int MostListed = 5;

    /// <summary>Reads a folder.</summary>
    /// <param name="folder">With <c>train</c> and <c>val</c> or <c>test</c>.</param>
    /// <param name="threads">To decode with.</param>
    /// <exception cref="UserErrorException">It is no such folder, or holds images that cannot be decoded.</exception>
    internal static Photographs Load(string folder, int threads)
    {
        var layout = ImageFolderLayout.Read(folder);
        var results = ImageFileCheck.DecodeAll(layout.Files, threads);
        if (layout.Unreadable(results) is { Count: > 0 } unreadable)
            throw new UserErrorException(Listing(folder, unreadable, results.Length));
        layout.ThrowIfAClassIsEmpty(results);
        var entries = results.Select(result => result.Entry!).ToList();
        var (training, test) = (entries[..layout.TrainingFiles], entries[layout.TrainingFiles..]);
        return new Photographs(layout.Name, FileHasher.Combine(HashOf(training), HashOf(test)), layout.Classes, Of(training), Of(test));
    }

    private static string HashOf(List<ImageFileEntry> entries) => FileHasher.Hash([.. entries.Select(entry => (long)entry.Label)], [.. entries.Select(entry => entry.Digest)]);

    private static List<Photograph> Of(List<ImageFileEntry> entries) => [.. entries.Select(entry => new Photograph(entry.Path, entry.Label))];

    private static string Listing(string folder, List<UnreadableImage> unreadable, int count)
    {
        var more = unreadable.Count > MostListed ? $" and {unreadable.Count - MostListed} more" : "";
        return $"{unreadable.Count} of {count} images in '{folder}' cannot be decoded: "
            + $"{string.Join("; ", unreadable.Take(MostListed).Select(image => $"{image.Path}: {image.Reason}"))}{more}. Fetch them again or remove them.";
    }
}
