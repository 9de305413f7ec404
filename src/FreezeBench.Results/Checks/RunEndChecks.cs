using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Checks;

/// <summary>runs.csv, and against accuracy.csv: a run's end must follow from its epochs.</summary>
internal sealed class RunEndChecks(CheckedFolder folder, AccuracyChecks accuracy)
{
    private static readonly string[] statuses = [RunRow.Finished, RunRow.TargetReached, RunRow.Interrupted, RunRow.Diverged];

    private readonly string file = folder.Name(RunRow.FileName);
    private readonly List<(long Line, RunRow Row)> ends = [];

    /// <param name="epochsRead">Whether accuracy.csv could be read, and its runs are known.</param>
    internal void Run(bool epochsRead)
    {
        var columns = new ColumnChecks<RunRow>(folder);
        var read = folder.Each<RunRow>((line, row) =>
        {
            columns.Row(line, row);
            Consistent(line, row);
            if (columns.IsFirst(line, row, "resumptions", () => $"this end of run {row.RunId} ({TrainingRunKey.Of(row).Title})"))
                ends.Add((line, row));
        });
        columns.End();
        foreach (var run in ends.GroupBy(end => TrainingRunKey.Of(end.Row)))
            OfOneRun([.. run.OrderBy(end => end.Row.Resumptions)], epochsRead);
        if (!read || !epochsRead)
            return;
        // Schema version 1 had no runs.csv.
        foreach (var run in accuracy.Runs.Where(run => !run.Ended && run.First.SchemaVersion > 1))
            folder.Log.Add(FindingKind.NoEnd, folder.Name(AccuracyRow.FileName), run.FirstLine, "run_id", $"run {run.Key.RunId} ({run.Key.Title}) has {run.Epochs.Count} of {run.First.Epochs} epochs and no end in runs.csv.");
    }

    private void Consistent(long line, RunRow row)
    {
        ParameterChecks.Row(folder, file, line, row.TrainableParameters, row.TotalParameters, row.TrainedCheckpointBytes);
        if (!statuses.Contains(row.Status))
            folder.Log.Add(FindingKind.ImpossibleValue, file, line, "status", $"it is '{row.Status}'; possible are {string.Join(", ", statuses)}.");
        else if (row.EpochsDone > row.Epochs || row.Status == RunRow.Finished && row.EpochsDone < row.Epochs)
            folder.Log.Add(FindingKind.InconsistentRow, file, line, "epochs_done", $"it is {row.EpochsDone} of {row.Epochs} epochs, with status {row.Status}.");
        else if (row.Status == RunRow.TargetReached && row.EpochsToTarget is null)
            folder.Log.Add(FindingKind.InconsistentRow, file, line, "epochs_to_target", $"it is unknown, with status {row.Status}.");
    }

    private void OfOneRun(List<(long Line, RunRow Row)> sessions, bool epochsRead)
    {
        foreach (var (line, row) in sessions.Where(end => end.Row.Status is RunRow.Finished or RunRow.TargetReached or RunRow.Diverged).Skip(1))
            folder.Log.Add(FindingKind.DuplicateRun, file, line, "status", $"run {row.RunId} ({TrainingRunKey.Of(row).Title}) ended for good before, and is {row.Status} once more.");
        if (!epochsRead)
            return;
        var run = accuracy.Find(TrainingRunKey.Of(sessions[0].Row));
        if (run is not null)
            run.Ended = true;
        foreach (var (index, (line, row)) in sessions.Index())
            AgainstEpochs(line, row, run, last: index == sessions.Count - 1);
    }

    private void AgainstEpochs(long line, RunRow row, RunEpochs? run, bool last)
    {
        foreach (var difference in run is null ? [] : RunSettings.Differences(run.First, row))
            folder.Log.Add(FindingKind.RunDisagrees, file, line, difference.Column, $"it is {difference.Right}; line {run!.FirstLine} of {AccuracyRow.FileName} has {difference.Left}.");
        // A gap is a finding of accuracy.csv and would come back in every sum.
        if (run?.Gap() is not null)
            return;
        var epochs = run?.Epochs ?? [];
        if (epochs.Count < row.EpochsDone || last && epochs.Count > row.EpochsDone)
        {
            folder.Log.Add(FindingKind.RunEnd, file, line, "epochs_done", $"it is {row.EpochsDone}; {AccuracyRow.FileName} has {epochs.Count} epochs of this run.");
            return;
        }
        var done = epochs.Take(Math.Max(0, row.EpochsDone)).ToList();
        var reached = done.Find(epoch => epoch.TestAccuracyFraction >= row.TargetAccuracyFraction);
        var energy = RunEnergy.Of([.. done.Select(epoch => (epoch.EnergyJ, epoch.EnergySource))]);
        var expected = row with
        {
            TrainTimeS = done.Sum(epoch => epoch.TrainTimeS),
            EvaluationTimeS = done.Sum(epoch => epoch.EvaluationTimeS),
            TestAccuracyFraction = done.Count == 0 ? null : done[^1].TestAccuracyFraction,
            EpochsToTarget = reached?.Epoch,
            TargetTrainTimeS = reached is null ? null : done.Where(epoch => epoch.Epoch <= reached.Epoch).Sum(epoch => epoch.TrainTimeS),
            EnergyJ = energy.Joules,
            EnergySource = energy.Source,
        };
        Derived.Report(folder, FindingKind.RunEnd, line, row, expected, $"the run's epochs in {AccuracyRow.FileName} give");
    }
}
