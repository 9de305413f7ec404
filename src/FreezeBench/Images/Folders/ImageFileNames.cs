namespace FreezeBench.Images.Folders;

/// <summary>What the names of image folders and images are. Like all that lists a folder without torch, so that a peer in another framework
/// reads the same images (bench/peers).</summary>
internal static class ImageFileNames
{
    /// <summary>What the name of such a set begins with; the path follows.</summary>
    internal const string Prefix = "imagefolder:";

    /// <summary>How images end, in any case: what the decoder reads.</summary>
    internal static IReadOnlyList<string> Extensions { get; } = [".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".webp", ".gif"];

    /// <summary>The name of a folder in rows. Not the whole path: results are for others too, and where a folder lies is nobody's business.</summary>
    internal static string NameOf(string path) => Prefix + Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
}
