using System.Text.Json;
using System.Text.Json.Serialization;

namespace FreezeBench.Tool.Cells;

/// <summary>What attempt.json says: one try to run a cell.</summary>
internal sealed record Attempt
{
    /// <summary>The record's file.</summary>
    internal const string FileName = "attempt.json";

    /// <summary>What the program printed.</summary>
    internal const string LogName = "log.txt";

    /// <summary>Folder of the rows.</summary>
    internal const string ResultsName = "results";

    /// <summary>Folder of the state of a training that was not ended.</summary>
    internal const string CheckpointsName = "checkpoints";

    /// <summary>Exit code of both programs for a request that cannot be carried out as it stands.</summary>
    internal const int BadRequest = 2;

    private const long MostBytes = 1 << 20;

    /// <summary>The cell's <see cref="Cell.Id"/>.</summary>
    public required string Cell { get; init; }

    /// <summary>Name of the attempt's folder; sorts by the time of its begin.</summary>
    public required string Name { get; init; }

    /// <summary>The machine: the scheduler's name of the node, since several may share a host name.</summary>
    public required string Host { get; init; }

    /// <summary>Process that runs it, on <see cref="Host"/>.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Process of the cell's program, on <see cref="Host"/>; null: it has not begun, or the record is an older one.</summary>
    public int? ProgramId { get; init; }

    /// <summary>Begin of the program, UTC, as the system has it: the number may be another process's later.</summary>
    public DateTimeOffset? ProgramBegun { get; init; }

    /// <summary>Begin, UTC.</summary>
    public required DateTimeOffset Begun { get; init; }

    /// <summary>End, UTC; null while it runs.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>How it stands.</summary>
    public required AttemptOutcome Outcome { get; init; }

    /// <summary>Of the program; null while it runs.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The attempt whose unfinished training it went on with; null: it began anew.</summary>
    public string? ResumedFrom { get; init; }

    /// <summary>Why it is no finished one: what is wrong with its rows, or the program's last word where it ended with an error.</summary>
    public string? Reason { get; init; }

    /// <summary>The whole command line.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Whether the program refused the request, as it does where the device has no such precision, a batch does not fit into its memory, or data are missing: the next time it will say the same, unless somebody changes that.</summary>
    [JsonIgnore]
    public bool IsRefusal => Outcome == AttemptOutcome.Failed && ExitCode == BadRequest;

    /// <summary>How long it took; null while it runs.</summary>
    [JsonIgnore]
    public TimeSpan? Duration => Ended - Begun;

    /// <summary>Reads an attempt's record; null: it is under way and has none yet, or was cut off in its first moment.</summary>
    /// <exception cref="JsonException">It is no such record.</exception>
    /// <exception cref="IOException">It cannot be read, or is missing though the attempt has ended.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal static Attempt? Read(string folder)
    {
        try
        {
            var attempt = RecordFile.Read<Attempt>(Path.Combine(folder, FileName), MostBytes);
            return attempt.Outcome == AttemptOutcome.Running || attempt.Ended is not null ? attempt : throw new JsonException("it has an outcome and no time of its end.");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException && JobFolder.IsUnderWay(folder))
        {
            return null;
        }
    }

    internal void Write(string folder) => RecordFile.Write(Path.Combine(folder, FileName), this);
}
