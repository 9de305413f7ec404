using System.Text.Json;
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
        if (asked is null && MatrixDocument.Ends.Select(end => root + end).FirstOrDefault(other => Path.GetFullPath(other) != Path.GetFullPath(file) && File.Exists(other)) is { } twin)
            throw new UserErrorException($"{file} and {twin} would both have the folder {root}, and each would merge over the other's rows there. Name one for this matrix: --out DIR.");
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

    /// <summary>All attempts at a cell by their begin, with their folders. One without a record that can be read is passed over.</summary>
    internal IReadOnlyList<(string Folder, Attempt Attempt)> Attempts(Cell cell) => Records(cell).Readable;

    /// <summary>The attempt whose rows count; null: there is none.</summary>
    internal (string Folder, Attempt Attempt)? Finished(Cell cell) => Look(cell).Finished;

    /// <summary>Looks through all attempts at a cell: at their records, and at the rows of those that might count.</summary>
    internal CellAttempts Look(Cell cell)
    {
        var (readable, bad) = Records(cell);
        foreach (var pair in readable.Where(pair => pair.Attempt.Outcome == AttemptOutcome.Finished && !IsUnderWay(pair.Folder)).OrderBy(pair => pair.Attempt.Ended).ThenBy(pair => pair.Attempt.Name, StringComparer.Ordinal))
        {
            if (AttemptRows.FaultOf(pair.Folder) is not { } fault)
                return new CellAttempts(readable, pair, Sorted());
            bad.Add(new BadAttempt(pair.Folder, fault));
        }
        return new CellAttempts(readable, null, Sorted());

        IReadOnlyList<BadAttempt> Sorted() => [.. bad.OrderBy(one => one.Folder, StringComparer.Ordinal)];
    }

    private (List<(string Folder, Attempt Attempt)> Readable, List<BadAttempt> Bad) Records(Cell cell) => Records(Directory.Exists(Of(cell)) ? Directory.EnumerateDirectories(Of(cell)) : []);

    /// <summary>The attempts in folders that were listed a moment ago.</summary>
    internal static (List<(string Folder, Attempt Attempt)> Readable, List<BadAttempt> Bad) Records(IEnumerable<string> listed)
    {
        List<(string, Attempt)> readable = [];
        List<BadAttempt> bad = [];
        foreach (var ended in listed.Select(folder => IsUnderWay(folder) ? folder[..^UnderWay.Length] : folder).Distinct().Order(StringComparer.Ordinal))
        {
            // The name from which it is renamed to the other one, at any moment, and never back.
            var folder = ended + UnderWay;
            try
            {
                var attempt = Attempt.Read(folder) ?? (Directory.Exists(ended) ? Attempt.Read(folder = ended) : null);
                if (attempt is not null)
                    readable.Add((folder, attempt));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
            {
                bad.Add(new BadAttempt(folder, $"record unreadable: {Attempt.FileName}: {error.Message}"));
            }
        }
        return (readable, bad);
    }

    /// <summary>Whether a folder is that of an attempt that has not ended, or was cut off.</summary>
    internal static bool IsUnderWay(string folder) => folder.EndsWith(UnderWay, StringComparison.Ordinal);

    /// <summary>Whether the program of an attempt goes on in this machine although who ran it is gone, as after SIGKILL.</summary>
    internal static bool LeavesProgram(Attempt attempt) =>
        IsAlive(attempt) == false && attempt is { ProgramId: { } number, ProgramBegun: { } begun } && LocalProcess.IsThere(number, begun);

    /// <summary>Whether the process of an attempt is there; null: it is another machine's, and nobody here knows.</summary>
    internal static bool? IsAlive(Attempt attempt) => attempt.Host == Host ? LocalProcess.IsAlive(attempt.ProcessId, attempt.Begun) : null;
}
