using System.Text.RegularExpressions;

namespace FreezeBench.Results;

/// <summary>Writes files that nobody ever sees half of.</summary>
public static partial class AtomicFile
{
    /// <summary>How the names of files end that are being written; what is left of them was left by a crash.</summary>
    public const string TemporaryEnd = ".tmp";

    // A program that has just made its file may not have locked it yet.
    private static readonly TimeSpan youngest = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Writes under a name of its own beside the file, flushes to the disk, and moves it into place: after a crash there is the
    /// old file or the new one, and of two writers at once the later one wins whole. What an earlier crash left beside it goes.
    /// </summary>
    /// <param name="path">
    /// Replaced if it is there; its folder exists. Of a symbolic link the file that it leads to is replaced, and the link stays.
    /// </param>
    /// <param name="write">Writes the content; what it throws leaves the old file as it was.</param>
    /// <exception cref="IOException">The file cannot be written, or what is there is none: a pipe, a device such as /dev/stdout, a folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        // Moving a file into its place would take a device from the whole system: root's "--out /dev/null" would leave a file there.
        if (RegularFile.OtherKind(path) is { } other)
            throw new IOException($"it is {other}; only regular files are replaced.");
        var file = new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        // Told of the file that is meant, not of the temporary one beside it.
        if (Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"its folder {PathText.NoFolder(folder)}.");
        RemoveDead(file);
        Replace(file, write);
    }

    /// <summary>The same, for who has looked after what crashes left himself.</summary>
    internal static void Replace(string path, Action<Stream> write)
    {
        var temporary = TemporaryName(path);
        try
        {
            WriteNew(temporary, write);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes bytes.</summary>
    /// <inheritdoc cref="Write(string, Action{Stream})"/>
    public static void Write(string path, byte[] bytes) => Write(path, stream => stream.Write(bytes));

    /// <summary>A name beside a file that no other file has.</summary>
    internal static string TemporaryName(string path) => $"{path}.{Path.GetRandomFileName()}{TemporaryEnd}";

    /// <summary>Whether a name is one that <see cref="TemporaryName"/> makes of another: a user's own report.md.old.tmp is not tidied away.</summary>
    internal static bool IsTemporaryOf(string name, string temporary) =>
        temporary.StartsWith(name + ".", StringComparison.Ordinal) && DrawnEnd().IsMatch(temporary[(name.Length + 1)..]);

    // What Path.GetRandomFileName draws.
    [GeneratedRegex(@"^[a-z0-9]{8}\.[a-z0-9]{3}\.tmp$", RegexOptions.CultureInvariant)]
    private static partial Regex DrawnEnd();

    /// <summary>Writes a new file and flushes it to the disk.</summary>
    internal static void WriteNew(string path, Action<Stream> write)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
            write(stream);
            stream.Flush(flushToDisk: true);
        }
        catch (ArgumentOutOfRangeException error) when (SystemRefusal.IsTooLargeAFile(error))
        {
            throw new IOException($"{path} may not grow as large: the limit of this process (ulimit -f) or of the file system is reached.", error);
        }
    }

    /// <summary>Removes what programs that were killed left of this file: temporary files that nobody has open.</summary>
    private static void RemoveDead(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is not { } folder)
            return;
        try
        {
            foreach (var temporary in Directory.GetFiles(folder, "*" + TemporaryEnd))
                if (IsTemporaryOf(Path.GetFileName(path), Path.GetFileName(temporary)) && DateTime.UtcNow - File.GetLastWriteTimeUtc(temporary) > youngest && IsFree(temporary))
                    File.Delete(temporary);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // Tidying is no reason not to write; where the folder is at fault, writing says so.
        }
    }

    private static bool IsFree(string path)
    {
        try
        {
            using var stream = RegularFile.OpenRead(path, FileShare.None);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
