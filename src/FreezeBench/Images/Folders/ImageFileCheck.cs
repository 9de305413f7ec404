using FreezeBench.Images.Decoding;
using FreezeBench.Results;

namespace FreezeBench.Images.Folders;

/// <summary>What came of decoding a file.</summary>
/// <param name="Entry">Null where it is no whole image.</param>
/// <param name="Reason">What is wrong with it; empty where nothing is.</param>
internal readonly record struct CheckedFile(ImageFileEntry? Entry, string Reason);

/// <summary>Decodes files once, to know them.</summary>
internal static class ImageFileCheck
{
    /// <returns>One for each file, in order.</returns>
    internal static CheckedFile[] DecodeAll(IReadOnlyList<ImageFile> files, int threads)
    {
        var results = new CheckedFile[files.Count];
        // A buffer of each thread is used for image after image: one for every image would be garbage of many GB.
        Parallel.For(0, files.Count, new ParallelOptions { MaxDegreeOfParallelism = threads }, byte[]? () => null, (index, _, buffer) =>
        {
            (results[index], buffer) = Decode(files[index], buffer);
            return buffer;
        }, _ => { });
        return results;
    }

    /// <summary>Files that could not be decoded.</summary>
    /// <param name="path">The data set's folder.</param>
    /// <param name="files">Those that were tried.</param>
    /// <param name="results">One for each of them.</param>
    internal static List<UnreadableImage> Unreadable(string path, IReadOnlyList<ImageFile> files, IReadOnlyList<CheckedFile> results) =>
        [.. results.Index().Where(result => result.Item.Entry is null)
            .Select(result => new UnreadableImage(ForeignText.Shown(Path.GetRelativePath(Path.GetFullPath(path), files[result.Index].Path).Replace('\\', '/')), result.Item.Reason))];

    /// <summary>Refuses a part that has no image of a class.</summary>
    /// <exception cref="UserErrorException">The classes without images.</exception>
    internal static void ThrowIfAClassIsEmpty(string path, string part, IReadOnlyList<string> classes, IEnumerable<CheckedFile> images)
    {
        var seen = images.Select(image => image.Entry?.Label).ToHashSet();
        var empty = classes.Where((_, label) => !seen.Contains(label)).ToList();
        if (empty is not [])
            throw new UserErrorException($"'{path}' has no readable image for {string.Join(", ", empty.Select(name => part == "" ? name : $"{part}/{name}"))}; "
                + $"images end in {string.Join(", ", ImageFileNames.Extensions)}. Add some, or remove the class{(part == "" ? "" : " from both parts")}.");
    }

    private static (CheckedFile Result, byte[]? Buffer) Decode(ImageFile file, byte[]? buffer)
    {
        try
        {
            var bytes = ImageDecoder.Read(file.Path);
            var image = ImageDecoder.Decode(bytes, buffer);
            return (new CheckedFile(new ImageFileEntry(file.Path, file.Label, image.Width, image.Height, Sha256.HashData(bytes)), ""), image.Pixels);
        }
        catch (UnreadableImageException e)
        {
            return (new CheckedFile(null, e.Message), buffer);
        }
    }
}
