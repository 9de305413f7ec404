using FreezeBench.Results;

namespace FreezeBench.Tool.Cells;

/// <summary>Runs a cell once, in a folder of its own that is renamed at the end.</summary>
/// <param name="folder">Of the matrix.</param>
/// <param name="programs">What is run.</param>
internal sealed class AttemptRun(JobFolder folder, ProgramFolder programs)
{
    /// <param name="cell">Which.</param>
    /// <param name="reporter">Hears of it.</param>
    /// <param name="stop">Ends it before its time.</param>
    /// <returns>The attempt, ended.</returns>
    /// <exception cref="UserErrorException">It cannot be begun.</exception>
    internal Attempt Run(Cell cell, ICellReporter reporter, CancellationToken stop)
    {
        var earlier = folder.Attempts(cell);
        // Beside what a killed run left, nothing can be measured.
        foreach (var (_, left) in earlier.Where(one => JobFolder.IsUnderWay(one.Folder) && JobFolder.LeavesProgram(one.Attempt)))
        {
            reporter.EndsLeftOver(cell, left);
            LocalProcess.End(left.ProgramId!.Value, left.ProgramBegun!.Value);
        }
        var part = folder.Begin(cell);
        var from = cell.Program == CellProgram.Accuracy ? Checkpoint.TakeOver([.. earlier.Where(one => one.Attempt.Outcome != AttemptOutcome.Finished)], part) : null;
        var attempt = new Attempt
        {
            Cell = cell.Id,
            Name = Path.GetFileName(part)[..^JobFolder.UnderWay.Length],
            Host = JobFolder.Host,
            ProcessId = Environment.ProcessId,
            Begun = DateTimeOffset.UtcNow,
            Outcome = AttemptOutcome.Running,
            ResumedFrom = from?.Name,
            Command = Command(cell, part, resume: from is not null),
        };
        attempt.Write(part);
        reporter.Begins(cell, from?.Name);
        var (exitCode, error) = CellProcess.Run(attempt.Command, part, Begun, reporter.Says, stop);
        if (from is not null && exitCode == Attempt.BadRequest && !stop.IsCancellationRequested)
        {
            // Another machine, commit or data: nothing to go on with here. The program has said so in the log.
            Checkpoint.Forget(part);
            attempt = attempt with { ResumedFrom = null, Command = Command(cell, part, resume: false) };
            attempt.Write(part);
            reporter.Says("What an earlier attempt left does not fit here; the cell begins anew.");
            (exitCode, error) = CellProcess.Run(attempt.Command, part, Begun, reporter.Says, stop);
        }
        return End(attempt, part, exitCode, error, stop.IsCancellationRequested, reporter, cell);

        void Begun(int number, DateTimeOffset moment)
        {
            attempt = attempt with { ProgramId = number, ProgramBegun = moment };
            try
            {
                attempt.Write(part);
            }
            catch (IOException)
            {
                // As on a full disk: the program runs, and the record behind its end meets the same.
            }
        }
    }

    private static Attempt End(Attempt attempt, string part, int exitCode, string? error, bool stopped, ICellReporter reporter, Cell cell)
    {
        // A program that ended well and wrote nothing, or rows that cannot be, is no finished cell.
        var reason = exitCode == 0 ? AttemptRows.FaultOf(part) : stopped ? null : error;
        attempt = attempt with
        {
            Ended = DateTimeOffset.UtcNow,
            ExitCode = exitCode,
            Reason = reason,
            Outcome = exitCode == 0 && reason is null ? AttemptOutcome.Finished : stopped && exitCode != 0 ? AttemptOutcome.Interrupted : AttemptOutcome.Failed,
        };
        if (attempt.Outcome == AttemptOutcome.Finished && Directory.Exists(Path.Combine(part, Attempt.CheckpointsName)))
            Directory.Delete(Path.Combine(part, Attempt.CheckpointsName), recursive: true);
        attempt.Write(part);
        var ended = part[..^JobFolder.UnderWay.Length];
        // The one moment from which the attempt counts: until now nobody merges it, whatever is in it.
        Directory.Move(part, ended);
        reporter.Ends(cell, attempt, ended);
        return attempt;
    }

    private IReadOnlyList<string> Command(Cell cell, string part, bool resume) =>
    [
        .. programs.Command(cell.Program),
        .. cell.Arguments,
        "--out", Path.Combine(part, Attempt.ResultsName),
        .. cell.Program == CellProgram.Accuracy ? new[] { "--checkpoint-dir", Path.Combine(part, Attempt.CheckpointsName) } : [],
        .. resume ? new[] { "--resume" } : [],
    ];
}
