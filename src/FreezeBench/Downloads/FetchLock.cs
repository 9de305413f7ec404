using FreezeBench.Results;

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
                return LockFile.Open(path, TimeSpan.Zero);
            }
            catch (IOException e) when (LockFile.IsHeld(e))
            {
                if (!told)
                    progress.Says($"Another process is downloading {fileName}; waiting for it.");
            }
            await Task.Delay(settings.LockPoll, stop).ConfigureAwait(false);
        }
    }
}
