using System.Globalization;
using FreezeBench.Tool.Cells;

namespace FreezeBench.Tool.Engines;

/// <summary>How the cells of a matrix stand, from their folders, and from the engine where it was given jobs and can be asked.</summary>
internal static class MatrixStatus
{
    private const int LogLines = 5;

    /// <param name="cells">Of the matrix.</param>
    /// <param name="folder">Where they are.</param>
    /// <param name="submissions">Jobs that were submitted.</param>
    /// <param name="states">What the engine says of them; null: it cannot be asked.</param>
    internal static IReadOnlyList<CellState> Of(IReadOnlyList<Cell> cells, JobFolder folder, IReadOnlyList<Submission> submissions, IReadOnlyList<TaskState>? states)
    {
        var tasks = (states ?? []).Where(state => state.Kind != TaskKind.Over).Select(state => (State: state, Cell: submissions.Select(submission => submission.CellOf(state)).FirstOrDefault(cell => cell is not null)))
            .Where(pair => pair.Cell is not null).ToLookup(pair => pair.Cell!, pair => pair.State);
        return [.. cells.Select(cell => Of(cell, folder, [.. tasks[cell.Id]], asked: states is not null && submissions.Count > 0))];
    }

    private static CellState Of(Cell cell, JobFolder folder, IReadOnlyList<TaskState> tasks, bool asked)
    {
        var look = folder.Look(cell);
        string[] notes = [.. look.Bad.Select(Note)];
        if (look.Finished is { } finished)
            return new(cell, CellStanding.Done, $"on {finished.Attempt.Host} in {CellText.Of(finished.Attempt.Duration!.Value)}", notes);
        var attempts = look.Readable;
        if (tasks.FirstOrDefault(task => task.Kind == TaskKind.Running) is { } running)
            return new(cell, CellStanding.Running, $"on {running.Where}, job {Name(running)}{Since(attempts)}", notes);
        if (attempts.LastOrDefault(pair => JobFolder.IsUnderWay(pair.Folder)) is { Attempt: { } under } && tasks.Count == 0 && (JobFolder.IsAlive(under) ?? !asked))
            return new(cell, CellStanding.Running, $"on {under.Host}, process {under.ProcessId}{Since(attempts)}", notes);
        var last = attempts.Count > 0 ? attempts[^1] : default;
        var before = last.Attempt is null ? "" : $"; {Last(last.Folder, last.Attempt)}";
        if (tasks.Count > 0)
            return new(cell, CellStanding.Pending, $"job {Name(tasks[0])}{(tasks[0].Reason.Length > 0 ? $", {tasks[0].Reason}" : "")}{before}", notes);
        if (look.Bad is [.., var bad] && (last.Attempt is null || string.CompareOrdinal(bad.Folder, last.Folder) >= 0))
            return new(cell, CellStanding.Failed, bad.Why, [.. look.Bad.SkipLast(1).Select(Note), .. AttemptLog.LastLines(bad.Folder, LogLines)]);
        if (last.Attempt is null)
            return new(cell, CellStanding.NotBegun, "", []);
        return new(cell, last.Attempt.Outcome == AttemptOutcome.Failed ? CellStanding.Failed : CellStanding.Interrupted, Last(last.Folder, last.Attempt),
            // Where the program has said why, its words are in the details.
            [.. notes, .. last.Attempt.Reason is null ? AttemptLog.LastLines(last.Folder, LogLines) : []]);
    }

    private static string Note(BadAttempt bad) => $"{bad.Name} does not count: {bad.Why}";

    private static string Last(string folder, Attempt attempt) => attempt.Outcome == AttemptOutcome.Running && JobFolder.IsUnderWay(folder)
        ? $"cut off on {attempt.Host}{(JobFolder.LeavesProgram(attempt) ? string.Create(CultureInfo.InvariantCulture, $"; its process {attempt.ProgramId} goes on until the next run ends it") : "")}"
        : CellText.OnItsHost(attempt);

    private static string Since(IReadOnlyList<(string Folder, Attempt Attempt)> attempts) =>
        attempts.LastOrDefault(pair => JobFolder.IsUnderWay(pair.Folder)) is { Attempt: { } attempt } ? $", for {CellText.Of(DateTimeOffset.UtcNow - attempt.Begun)}" : "";

    private static string Name(TaskState task) => task.Task is { } number ? string.Create(CultureInfo.InvariantCulture, $"{task.Job}_{number}") : task.Job;
}
