using System.Security.Cryptography;

namespace FreezeBench.Torch.Loading;

/// <summary>
/// The file that holds the cured library: in the user's cache folder, under the hash of the library it was made from.
/// </summary>
/// <remarks>
/// The package's own file cannot be written: every output folder is a hard link to it. A reused copy is compared with
/// what would be written, byte for byte, so a damaged one is replaced. Two processes at once are safe: each writes a
/// name of its own and moves it into place, and a process that has the replaced file open keeps the old content.
/// </remarks>
internal static class CuredCopy
{
    /// <summary>Path of a file named <paramref name="name"/> that holds <paramref name="cured"/>.</summary>
    /// <param name="original">The bytes it was made from: their hash is the folder's name.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static string Place(string folder, string name, byte[] original, byte[] cured)
    {
        var directory = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(original)));
        var path = Path.Combine(directory, name);
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(cured))
            return path;
        Directory.CreateDirectory(directory);
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(cured);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
        return path;
    }
}
