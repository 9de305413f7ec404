using System.IO.Compression;

namespace FreezeBench.Tool.Tests.Packing;

/// <summary>A package file.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Files">Names of what it holds, with folders, in ordinal order.</param>
internal sealed record Package(string Name, long Bytes, IReadOnlyList<string> Files)
{
    internal static Package Read(string path)
    {
        using var archive = ZipFile.OpenRead(path);
        return new(Path.GetFileName(path), new FileInfo(path).Length, [.. archive.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal)]);
    }
}
