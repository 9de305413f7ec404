using FreezeBench.Results;
using FreezeBench.Results.Rows;

namespace FreezeBench.Tool.Cells;

/// <summary>The folder of a matrix: <c>cells/CELL/ATTEMPT/</c>, and <c>results/</c> that is merged from them.</summary>
/// <remarks>
/// What is relied on of the file system, so that it may be a shared one without locks: a folder can be made, and a rename within the folder is
/// whole or not at all. Every attempt writes to a folder of its own, which ends in <see cref="UnderWay"/> until it is renamed at its end: no two
/// processes ever write to one file, on whatever nodes they are.
/// </remarks>
/// <param name="Root">Full path.</param>
internal sealed record JobFolder(string Root)
{
    /// <summary>End of the name of an attempt that has not ended.</summary>
    internal const string UnderWay = ".part";

    private const int LongestLine = 400;

    /// <summary>Where the merged rows and the report are.</summary>
    internal string Results => Path.Combine(Root, "results");

    /// <summary>Where job scripts are.</summary>
    internal string Jobs => Path.Combine(Root, "jobs");

    /// <summary>The machine as an attempt calls it.</summary>
    internal static string Host => Environment.GetEnvironmentVariable("SLURMD_NODENAME") is { Length: > 0 } node ? node : Environment.MachineName;

    /// <summary>The folder of a matrix: as asked, or beside its file and called like it.</summary>
    /// <exception cref="UserErrorException">No folder can be there.</exception>
    internal static JobFolder Of(string file, string? asked)
    {
        var root = asked ?? Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, Path.GetFileNameWithoutExtension(file));
        if (asked is null && Path.GetFullPath(root) == Path.GetFullPath(file))
            throw new UserErrorException($"The folder of {file} would be the file itself. Name one: --out DIR.");
        return PathText.FolderFaultOf(root) is { } fault ? throw new UserErrorException($"--out {fault}") : new JobFolder(Path.GetFullPath(root));
    }

    /// <summary>A cell's folder.</summary>
    internal string Of(Cell cell) => Path.Combine(Root, "cells", cell.Id);

    /// <summary>A new attempt's folder, made now.</summary>
    internal string Begin(Cell cell)
    {
        var folder = Path.Combine(Of(cell), RunId.New(DateTimeOffset.UtcNow) + UnderWay);
        Directory.CreateDirectory(folder);
        return folder;
    }

    /// <summary>All attempts at a cell by their begin, with their folders. One without a record is passed over.</summary>
    internal IReadOnlyList<(string Folder, Attempt Attempt)> Attempts(Cell cell)
    {
        var folder = Of(cell);
        if (!Directory.Exists(folder))
            return [];
        return [.. Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal).Select(path => (path, Attempt: Attempt.Read(path))).Where(pair => pair.Attempt is not null).Select(pair => (pair.path, pair.Attempt!))];
    }

    /// <summary>The attempt whose rows count: the one that finished first, whatever comes later; null: none has finished.</summary>
    internal (string Folder, Attempt Attempt)? Finished(Cell cell)
    {
        var finished = Attempts(cell).Where(pair => pair.Attempt.Outcome == AttemptOutcome.Finished && !IsUnderWay(pair.Folder))
            .OrderBy(pair => pair.Attempt.Ended).ThenBy(pair => pair.Attempt.Name, StringComparer.Ordinal).ToList();
        return finished is [] ? null : finished[0];
    }

    /// <summary>Whether a folder is that of an attempt that has not ended, or was cut off.</summary>
    internal static bool IsUnderWay(string folder) => folder.EndsWith(UnderWay, StringComparison.Ordinal);

    /// <summary>Whether the process of an attempt is there; null: it is another machine's, and nobody here knows.</summary>
    internal static bool? IsAlive(Attempt attempt) => attempt.Host == Host ? LocalProcess.IsAlive(attempt.ProcessId, attempt.Begun) : null;

    /// <summary>The last lines of an attempt's log.</summary>
    internal static IReadOnlyList<string> LastLines(string folder, int count)
    {
        const int Tail = 1 << 14;
        try
        {
            using var file = RegularFile.OpenRead(Path.Combine(folder, Attempt.LogName), FileShare.ReadWrite);
            file.Position = Math.Max(0, file.Length - Tail);
            using var reader = new StreamReader(file);
            return [.. reader.ReadToEnd().Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0).TakeLast(count).Select(line => ForeignText.Shown(line, LongestLine))];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
