namespace FreezeBench.Downloads;

/// <summary>One download of a file at a time, across threads and processes.</summary>
/// <remarks>The system frees the lock when its holder dies. The empty file stays: deleting it would let one process lock
/// the deleted file and another a new one of the same name.</remarks>
internal static class FetchLock
{
    public static async Task<FileStream> Take(string path, string fileName, DownloadSettings settings, IDownloadProgress progress, CancellationToken stop)
    {
        for (var told = false; ; told = true)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (IsHeld(e))
            {
                if (!told)
                    progress.Says($"Another process is downloading {fileName}; waiting for it.");
            }
            await Task.Delay(settings.LockPoll, stop).ConfigureAwait(false);
        }
    }

    // .NET has no exception of its own for this. Anything else, such as a read-only disk, would be waited for in vain.
    // ERROR_SHARING_VIOLATION on Windows; EWOULDBLOCK of flock: 11 on Linux, 35 on macOS.
    private static bool IsHeld(IOException error) => error.HResult is unchecked((int)0x80070020) or 11 or 35;
}
