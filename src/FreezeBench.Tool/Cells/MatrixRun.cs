namespace FreezeBench.Tool.Cells;

/// <summary>Runs cells one after the other on this machine.</summary>
internal static class MatrixRun
{
    /// <summary>Exit code after SIGTERM: EX_TEMPFAIL of sysexits.h, with which a scheduler may run a job again.</summary>
    internal const int RunAgain = 75;

    /// <summary>Runs those that are not done; one that fails does not keep the others from running.</summary>
    /// <param name="cells">In their order.</param>
    /// <param name="folder">Where they are.</param>
    /// <param name="programs">What runs.</param>
    /// <param name="reporter">Hears of it.</param>
    /// <param name="refused">Whether those are tried again that were refused the last time.</param>
    /// <param name="stop">No cell begins after it.</param>
    /// <returns>Whether all of them are done now.</returns>
    internal static bool Run(IReadOnlyList<Cell> cells, JobFolder folder, ProgramFolder programs, ICellReporter reporter, bool refused, CancellationToken stop)
    {
        var attempts = new AttemptRun(folder, programs);
        var done = 0;
        foreach (var cell in cells)
        {
            if (stop.IsCancellationRequested)
                break;
            var look = folder.Look(cell);
            foreach (var bad in look.Bad)
                reporter.LeftOut(cell, bad);
            if (look.Finished is { } finished)
                reporter.Skipped(cell, $"done on {finished.Attempt.Host}");
            else if (look.Refusal is { } refusal && !refused)
            {
                reporter.Skipped(cell, $"was {CellText.OnItsHost(refusal)}");
                continue;
            }
            else if (look.Readable.FirstOrDefault(pair => JobFolder.IsUnderWay(pair.Folder) && JobFolder.IsAlive(pair.Attempt) == true) is { Attempt: { } other })
            {
                reporter.Skipped(cell, $"process {other.ProcessId} of this machine is at it");
                continue;
            }
            else if (attempts.Run(cell, reporter, stop).Outcome != AttemptOutcome.Finished)
                continue;
            done++;
        }
        return done == cells.Count;
    }
}
