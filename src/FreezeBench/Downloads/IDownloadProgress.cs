namespace FreezeBench.Downloads;

/// <summary>
/// Hears how a download goes on. Calls come one at a time, yet not always from the caller's thread, and must return at
/// once: the transfer waits for them.
/// </summary>
public interface IDownloadProgress
{
    /// <summary>A transfer begins; a retry is a transfer of its own.</summary>
    /// <param name="fileName">Name without a path.</param>
    /// <param name="totalBytes">Size of the whole file; null where neither caller nor server states it.</param>
    /// <param name="alreadyThere">Bytes of an earlier, broken transfer that this one goes on after; 0 for a fresh one.</param>
    void Begins(string fileName, long? totalBytes, long alreadyThere);

    /// <summary>So many more bytes came; only between <see cref="Begins"/> and <see cref="Ends"/>.</summary>
    void Advances(long bytes);

    /// <summary>A line for the user: a wait, a retry and its reason, an unpacking. At any time.</summary>
    void Says(string line);

    /// <summary>The transfer that began is over, for better or worse.</summary>
    void Ends();
}
