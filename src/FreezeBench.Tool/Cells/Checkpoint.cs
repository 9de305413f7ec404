using FreezeBench.Results;

namespace FreezeBench.Tool.Cells;

/// <summary>What an attempt that was ended before its time left of a training, for the next one to go on with.</summary>
internal static class Checkpoint
{
    private const string SessionRecord = "session.json";    // the accuracy runner's, in each session's folder

    /// <summary>Copies the newest attempt's state and rows; null: none has left any.</summary>
    /// <param name="attempts">By their begin.</param>
    /// <param name="folder">The new attempt's.</param>
    /// <returns>The attempt that it is from.</returns>
    /// <remarks>A copy, because the other may live on, on a node that is thought dead. The state comes first: rows that are newer than it are made
    /// again and are the same, but an epoch whose row is missing would be missing for good.</remarks>
    internal static Attempt? TakeOver(IReadOnlyList<(string Folder, Attempt Attempt)> attempts, string folder)
    {
        foreach (var (from, attempt) in attempts.Reverse())
        {
            if (!Has(from))
                continue;
            Copy(Path.Combine(from, Attempt.CheckpointsName), Path.Combine(folder, Attempt.CheckpointsName));
            Copy(Path.Combine(from, Attempt.ResultsName), Path.Combine(folder, Attempt.ResultsName));
            if (Has(folder))
                return attempt;
            Forget(folder);
        }
        return null;
    }

    /// <summary>Removes what was taken over.</summary>
    internal static void Forget(string folder)
    {
        foreach (var name in new[] { Attempt.CheckpointsName, Attempt.ResultsName })
            if (Directory.Exists(Path.Combine(folder, name)))
                Directory.Delete(Path.Combine(folder, name), recursive: true);
    }

    private static bool Has(string folder) => Path.Combine(folder, Attempt.CheckpointsName) is var states && Directory.Exists(states)
        && Directory.EnumerateDirectories(states).Any(state => File.Exists(Path.Combine(state, SessionRecord)));

    private static void Copy(string from, string to)
    {
        if (!Directory.Exists(from))
            return;
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            var (name, isTemporary) = (Path.GetFileName(file), file.EndsWith(AtomicFile.TemporaryEnd, StringComparison.Ordinal));
            // A lock is its holder's alone.
            if (name.EndsWith(".lock", StringComparison.Ordinal))
                continue;
            try
            {
                File.Copy(file, Path.Combine(to, name));
            }
            catch (IOException) when (isTemporary || !File.Exists(file))
            {
                // Whoever lives on is writing it, or has replaced or removed it meanwhile.
            }
        }
        foreach (var folder in Directory.EnumerateDirectories(from))
            Copy(folder, Path.Combine(to, Path.GetFileName(folder)));
    }
}
