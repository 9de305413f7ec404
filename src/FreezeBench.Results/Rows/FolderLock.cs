using System.Diagnostics;

namespace FreezeBench.Results.Rows;

/// <summary>One writer at a time in a results folder, across processes.</summary>
/// <remarks>The system holds the lock through the open file (flock on Unix, a share mode on Windows) and frees it when
/// its holder dies, however it dies. The file stays: deleting it would let one process lock the deleted file and
/// another a new one of the same name. Network file systems without flock give no protection.</remarks>
internal sealed class FolderLock : IDisposable
{
    internal const string FileName = ".results.lock";

    private readonly FileStream stream;

    private FolderLock(FileStream stream) => this.stream = stream;

    /// <exception cref="UserErrorException">Another process kept the lock for the whole of <paramref name="patience"/>.</exception>
    internal static FolderLock Take(string folder, TimeSpan patience)
    {
        var path = Path.Combine(folder, FileName);
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException error) when (error is not (FileNotFoundException or DirectoryNotFoundException))
            {
                if (clock.Elapsed >= patience)
                    throw new UserErrorException($"{path} could not be locked for {patience.TotalSeconds} s: {error.Message} Another run is writing here; end it or use another --out.", error);
            }
            // A random wait, or two writers that collide once would do so at every try.
            Thread.Sleep(Random.Shared.Next(1, 15));
        }
    }

    public void Dispose() => stream.Dispose();
}
