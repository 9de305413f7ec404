using System.Diagnostics;

namespace FreezeBench.Results;

/// <summary>A file that one process has open at a time.</summary>
/// <remarks>The system holds the lock through the open file (flock on Unix, a share mode on Windows) and frees it when its holder dies, however it dies.
/// Network file systems without flock give no protection.</remarks>
public static class LockFile
{
    /// <summary>
    /// How long the lock may outlive its holder's work: a process that another one has just started has it too until it has become its program, and
    /// one that was killed has it until its memory is given back.
    /// </summary>
    public static readonly TimeSpan Afterlife = TimeSpan.FromSeconds(1);

    /// <summary>Opens it, as soon as nobody has it.</summary>
    /// <param name="path">Made if missing, unless <paramref name="mode"/> says otherwise.</param>
    /// <param name="patience">How long others may have it; zero or more.</param>
    /// <param name="mode">How it is opened.</param>
    /// <param name="access">What is done with it.</param>
    /// <param name="share">What others may do with it.</param>
    /// <exception cref="IOException">Others kept it all the time (<see cref="IsHeld"/>), or it cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be opened.</exception>
    public static FileStream Open(string path, TimeSpan patience, FileMode mode = FileMode.OpenOrCreate, FileAccess access = FileAccess.ReadWrite, FileShare share = FileShare.None)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, mode, access, share);
            }
            catch (IOException error) when (IsHeld(error) && clock.Elapsed < patience)
            {
                // A random wait, or two that collide once would do so at every try.
                Thread.Sleep(Random.Shared.Next(1, 15));
            }
        }
    }

    // .NET has no exception of its own for this: ERROR_SHARING_VIOLATION on Windows; EWOULDBLOCK of flock, 11 on Linux, 35 on macOS.
    /// <summary>Whether somebody else has it; anything else, such as links in a circle or a full disk, would be waited for in vain.</summary>
    public static bool IsHeld(IOException error) => error.HResult is unchecked((int)0x80070020) or 11 or 35;
}
