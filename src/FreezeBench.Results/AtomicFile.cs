namespace FreezeBench.Results;

/// <summary>Writes files that nobody ever sees half of.</summary>
public static class AtomicFile
{
    /// <summary>How the names of files end that are being written; what is left of them was left by a crash.</summary>
    public const string TemporaryEnd = ".tmp";

    /// <summary>
    /// Writes under a name of its own beside the file, flushes to the disk, and moves it into place: after a crash there is the
    /// old file or the new one, and of two writers at once the later one wins whole.
    /// </summary>
    /// <param name="path">Replaced if it is there; its folder exists.</param>
    /// <param name="write">Writes the content; what it throws leaves the old file as it was.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var temporary = $"{path}.{Path.GetRandomFileName()}{TemporaryEnd}";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
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
}
