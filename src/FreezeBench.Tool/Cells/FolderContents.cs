using FreezeBench.Results;

namespace FreezeBench.Tool.Cells;

internal static class FolderContents
{
    /// <summary>Whether a folder has every file of another one, with the same bytes; it may have more.</summary>
    /// <param name="folder">Need not exist, and may have anything in it.</param>
    /// <param name="of">The other one.</param>
    internal static bool HasAll(string folder, string of) =>
        Directory.EnumerateFiles(of, "*", SearchOption.AllDirectories).All(file => IsSame(file, Path.Combine(folder, Path.GetRelativePath(of, file))));

    private static bool IsSame(string file, string there)
    {
        try
        {
            using FileStream first = RegularFile.OpenRead(file), second = RegularFile.OpenRead(there);
            if (first.Length != second.Length)
                return false;
            Span<byte> ofFirst = new byte[1 << 16], ofSecond = new byte[1 << 16];
            while (first.ReadAtLeast(ofFirst, ofFirst.Length, throwOnEndOfStream: false) is > 0 and var count)
                if (second.ReadAtLeast(ofSecond[..count], count, throwOnEndOfStream: false) != count || !ofFirst[..count].SequenceEqual(ofSecond[..count]))
                    return false;
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
