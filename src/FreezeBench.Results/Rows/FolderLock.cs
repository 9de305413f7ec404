namespace FreezeBench.Results.Rows;

/// <summary>One writer at a time in a results folder, across processes; readers share it among themselves.</summary>
/// <remarks>The file stays: deleting it would let one process lock the deleted file and another a new one of the same name.</remarks>
internal sealed class FolderLock : IDisposable
{
    internal const string FileName = ".results.lock";

    private readonly FileStream? stream;

    private FolderLock(FileStream? stream) => this.stream = stream;

    /// <summary>Whether anybody has written to the folder yet.</summary>
    internal static bool IsThere(string folder) => Path.Exists(Path.Combine(folder, FileName));

    /// <summary>Why nobody can lock the folder; null: the lock is a file, or there is none yet.</summary>
    internal static string? FaultOf(string folder) => Path.Combine(folder, FileName) is var path && RegularFile.OtherKind(path) is { } other
        ? $"{path} is {other}, and a lock is a file. Delete it."
        : null;

    /// <summary>The lock of a writer. What one that died had written whole is in place then.</summary>
    /// <exception cref="UserErrorException">Other processes kept the lock for the whole of <paramref name="patience"/>, or it is no file.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    internal static FolderLock Take(string folder, TimeSpan patience)
    {
        var taken = new FolderLock(Wait(folder, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, patience));
        try
        {
            FolderCommit.Complete(folder);
            return taken;
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>The lock of a reader, while the lock file is there and may be read; otherwise nobody can be kept out.</summary>
    /// <exception cref="UserErrorException">A writer kept the lock for the whole of <paramref name="patience"/>, or it is no file.</exception>
    internal static FolderLock TakeToRead(string folder, TimeSpan patience)
    {
        try
        {
            return new FolderLock(Wait(folder, FileMode.Open, FileAccess.Read, FileShare.Read, patience));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new FolderLock(null);
        }
    }

    public void Dispose() => stream?.Dispose();

    private static FileStream Wait(string folder, FileMode mode, FileAccess access, FileShare share, TimeSpan patience)
    {
        var path = Path.Combine(folder, FileName);
        if (FaultOf(folder) is { } fault)
            throw new UserErrorException(fault);
        try
        {
            return LockFile.Open(path, patience, mode, access, share);
        }
        catch (IOException error) when (LockFile.IsHeld(error))
        {
            throw new UserErrorException($"{path} could not be locked for {patience.TotalSeconds} s: {error.Message} Another run is writing here; end it or use another --out.", error);
        }
    }
}
