using System.Globalization;
using System.Text;

namespace FreezeBench.Results;

/// <summary>
/// Opens files that users name. Only those with content: the opening of a pipe waits for its other end for ever, deaf to signals, and
/// a device such as /dev/zero has no end.
/// </summary>
public static class RegularFile
{
    private static readonly UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What else is at a path, in words such as <c>a pipe</c>; null: a regular file, nothing, or something that the system does not tell of.</summary>
    public static string? OtherKind(string path) => FileFacts.Of(path) is { IsRegular: false } other ? other.Kind : null;

    /// <summary>What makes two paths the same file or folder, symbolic links followed: equal for both. Null where nothing is there.</summary>
    public static string? IdentityOf(string path) => FileFacts.Of(path) is { } facts ? string.Create(CultureInfo.InvariantCulture, $"{facts.Device}:{facts.Inode}")
        // A system that does not tell: there the place that links lead to.
        : OperatingSystem.IsWindows() && Path.Exists(path) ? (File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path))
        : null;

    /// <summary>Opens a file for reading.</summary>
    /// <param name="path">Symbolic links are followed.</param>
    /// <param name="share">What others may do meanwhile.</param>
    /// <param name="bufferSize">0: none.</param>
    /// <param name="options">As a stream takes them.</param>
    /// <exception cref="IOException">It is something else than a regular file, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static FileStream OpenRead(string path, FileShare share = FileShare.Read, int bufferSize = 4096, FileOptions options = FileOptions.None)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OtherKind(path) is { } other
            ? throw new IOException($"it is {other}; only regular files are read.")
            : PathText.EncodingFaultOf(path) is { } fault ? throw new FileNotFoundException(fault, path)
            : new FileStream(path, FileMode.Open, FileAccess.Read, share, bufferSize, options);
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">As in <see cref="OpenRead"/>.</param>
    /// <param name="most">Bytes that it may have.</param>
    /// <param name="share">What others may do meanwhile.</param>
    /// <exception cref="IOException">It is something else than a regular file, too large, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] ReadAllBytes(string path, long most, FileShare share = FileShare.Read)
    {
        using var file = OpenRead(path, share, bufferSize: 0);
        if (file.Length > most)
            throw new IOException($"it has {file.Length} bytes; at most {most} are read.");
        var bytes = GC.AllocateUninitializedArray<byte>((int)file.Length);
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>Reads a whole text in UTF-8; a byte order mark, which some editors write, is no part of it.</summary>
    /// <param name="path">As in <see cref="OpenRead"/>.</param>
    /// <param name="most">Bytes that it may have.</param>
    /// <param name="share">What others may do meanwhile.</param>
    /// <exception cref="IOException">As <see cref="ReadAllBytes"/>, or it is no UTF-8.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string ReadAllText(string path, long most, FileShare share = FileShare.Read)
    {
        var bytes = ReadAllBytes(path, most, share);
        try
        {
            return utf8.GetString(bytes.AsSpan(bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0));
        }
        catch (DecoderFallbackException error)
        {
            throw new IOException("it is no text in UTF-8.", error);
        }
    }

    /// <summary>Whether a file holds just these bytes.</summary>
    /// <param name="path">As in <see cref="OpenRead"/>.</param>
    /// <param name="bytes">No more than these are read.</param>
    /// <exception cref="IOException">It is something else than a regular file, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static bool Holds(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = OpenRead(path, bufferSize: 0);
        if (file.Length != bytes.Length)
            return false;
        var found = GC.AllocateUninitializedArray<byte>(bytes.Length);
        return file.ReadAtLeast(found, found.Length, throwOnEndOfStream: false) == found.Length && bytes.SequenceEqual(found);
    }
}
