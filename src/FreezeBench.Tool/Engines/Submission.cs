using System.Text.Json;
using FreezeBench.Results;
using FreezeBench.Tool.Cells;

namespace FreezeBench.Tool.Engines;

/// <summary>Jobs that were submitted at once: the file <c>jobs/TIME/jobs.json</c>.</summary>
/// <param name="Arrays">Of cells.</param>
/// <param name="Merge">Id of the job that merges; null: it was not submitted any more.</param>
internal sealed record Submission(IReadOnlyList<SubmittedArray> Arrays, string? Merge)
{
    private const string FileName = "jobs.json";
    private const long MostBytes = 1 << 24;

    /// <summary>Ids of all of its jobs.</summary>
    internal IReadOnlyList<string> Jobs => [.. Arrays.Select(array => array.Job), .. Merge is { } merge ? new[] { merge } : []];

    /// <summary>The cell of a task; null: it is of another job.</summary>
    internal string? CellOf(TaskState state) => state.Task is { } task && Arrays.FirstOrDefault(array => array.Job == state.Job) is { } found && task >= 1 && task <= found.Cells.Count ? found.Cells[task - 1] : null;

    /// <summary>All submissions of a matrix, the oldest first.</summary>
    /// <exception cref="UserErrorException">A record cannot be read.</exception>
    internal static IReadOnlyList<Submission> All(JobFolder folder) => !Directory.Exists(folder.Jobs) ? [] :
        [.. Directory.EnumerateDirectories(folder.Jobs).Order(StringComparer.Ordinal).Select(jobs => Path.Combine(jobs, FileName)).Where(File.Exists).Select(Read)];

    internal void Write(string jobs) => RecordFile.Write(Path.Combine(jobs, FileName), this);

    private static Submission Read(string path)
    {
        try
        {
            return RecordFile.Read<Submission>(path, MostBytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UserErrorException($"{path} cannot be read: {error.Message} Without it nobody knows the jobs' cells; restore it, or move its folder away.", error);
        }
    }
}

/// <param name="Kind">Kind of node.</param>
/// <param name="Job">The engine's id.</param>
/// <param name="Cells">Ids of the cells, the first is task 1.</param>
internal sealed record SubmittedArray(string Kind, string Job, IReadOnlyList<string> Cells);
