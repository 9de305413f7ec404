using FreezeBench.Images;
using FreezeBench.Images.Folders;
using FreezeBench.Programs;
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

    /// <summary>Reads the folder.</summary>
    /// <exception cref="UserErrorException">It is no such folder, or holds images that cannot be decoded.</exception>
    internal static Photographs Load(MlNetSettings settings)
    {
        var parts = ImageParts.Find(settings.Data, settings.Split);
        List<ImageFile> files = [.. parts.Training.Files, .. parts.Test.Files];
        var results = ImageFileCheck.DecodeAll(files, settings.Threads);
        if (ImageFileCheck.Unreadable(settings.Data, files, results) is { Count: > 0 } unreadable)
            throw new UserErrorException(Listing(settings.Data, unreadable, files.Count));
        var (training, test) = (results[..parts.Training.Files.Count], results[parts.Training.Files.Count..]);
        ImageFileCheck.ThrowIfAClassIsEmpty(settings.Data, parts.Training.Name, parts.Classes, training);
        ImageFileCheck.ThrowIfAClassIsEmpty(settings.Data, parts.Test.Name, parts.Classes, test);
        var name = FolderLabel.Of(ImageFileNames.Prefix + settings.Data) + (settings.Split is { } split ? $"-split-{split.Text}" : "");
        return new Photographs(name, FileHasher.Combine(HashOf(training), HashOf(test)), parts.Classes, Of(training), Of(test));
    }

    private static string HashOf(CheckedFile[] files) => FileHasher.Hash([.. files.Select(file => (long)file.Entry!.Label)], [.. files.Select(file => file.Entry!.Digest)]);

    private static List<Photograph> Of(CheckedFile[] files) => [.. files.Select(file => new Photograph(file.Entry!.Path, file.Entry.Label))];

    private static string Listing(string folder, List<UnreadableImage> unreadable, int count)
    {
        var more = unreadable.Count > MostListed ? $" and {unreadable.Count - MostListed} more" : "";
        return $"{unreadable.Count} of {count} images in '{folder}' cannot be decoded: "
            + $"{string.Join("; ", unreadable.Take(MostListed).Select(image => $"{image.Path}: {image.Reason}"))}{more}. Fetch them again or remove them.";
    }
}
