using System.Security.Cryptography;
using FreezeBench.Images.Decoding;

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

    private static (CheckedFile Result, byte[]? Buffer) Decode(ImageFile file, byte[]? buffer)
    {
        try
        {
            var bytes = ImageDecoder.Read(file.Path);
            var image = ImageDecoder.Decode(bytes, buffer);
            return (new CheckedFile(new ImageFileEntry(file.Path, file.Label, image.Width, image.Height, SHA256.HashData(bytes)), ""), image.Pixels);
        }
        catch (UnreadableImageException e)
        {
            return (new CheckedFile(null, e.Message), buffer);
        }
    }
}
