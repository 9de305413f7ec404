namespace FreezeBench.Images;

/// <summary>An image of a folder that was decoded once, so its size is known.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Label">Its class.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Digest">SHA-256 of the file's bytes.</param>
internal sealed record ImageFileEntry(string Path, int Label, int Width, int Height, byte[] Digest);

/// <summary>A file that has an image's name and is none.</summary>
/// <param name="Path">Relative to the data set's folder, with slashes.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record UnreadableImage(string Path, string Reason);
