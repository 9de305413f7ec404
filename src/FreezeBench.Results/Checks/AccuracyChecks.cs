using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Checks;

/// <summary>accuracy.csv by itself: rows, epochs of a run, and runs that were made again.</summary>
internal sealed class AccuracyChecks(CheckedFolder folder)
{
    private readonly Dictionary<TrainingRunKey, RunEpochs> byKey = [];
    private readonly List<RunEpochs> runs = [];
    private readonly string file = folder.Name(AccuracyRow.FileName);

    /// <summary>Every run in the order of its first row, which is that of a dictionary nobody promises.</summary>
    internal IReadOnlyList<RunEpochs> Runs => runs;

    /// <summary>The epochs of a run; null where the file has none.</summary>
    internal RunEpochs? Find(TrainingRunKey key) => byKey.GetValueOrDefault(key);

    /// <returns>Whether the file was read to its end.</returns>
    internal bool Run()
    {
        var columns = new ColumnChecks<AccuracyRow>(folder);
        var read = folder.Each<AccuracyRow>((line, row) =>
        {
            columns.Row(line, row);
            Consistent(line, row);
            OfItsRun(line, row);
        });
        columns.End();
        if (!read)
            return false;
        foreach (var run in runs)
        {
            if (run.Gap() is var (missing, next))
                folder.Log.Add(FindingKind.EpochGap, file, next.Line, "epoch", $"run {run.Key.RunId} ({run.Key.Title}) has no epoch {missing} and goes on with {next.Epoch}.");
        }
        foreach (var same in runs.GroupBy(run => run.Signature).Where(same => same.Count() > 1))
        {
            foreach (var again in same.Skip(1))
                Repeated(same.First(), again);
        }
        return true;
    }

    private void Consistent(long line, AccuracyRow row)
    {
        Most(line, "epoch", row.Epoch, "epochs", row.Epochs);
        Most(line, "train_correct", row.TrainCorrect, "train_total", row.TrainTotal);
        Most(line, "test_correct", row.TestCorrect, "test_total", row.TestTotal);
        HeadChecks.Row(folder, file, line, row);
        if (row.FeatureExtractionTimeS is { } extraction)
            Most(line, "feature_extraction_time_s", extraction, "train_time_s", row.TrainTimeS);
        // What divides by nothing, or has more correct than there are, has a finding of its own.
        var expected = row with
        {
            TrainAccuracyFraction = row.TrainTotal > 0 && row.TrainCorrect <= row.TrainTotal ? (double)row.TrainCorrect / row.TrainTotal : row.TrainAccuracyFraction,
            TestAccuracyFraction = row.TestTotal > 0 && row.TestCorrect <= row.TestTotal ? (double)row.TestCorrect / row.TestTotal : row.TestAccuracyFraction,
            TestTop5AccuracyFraction = row.TestTotal > 0 ? (double?)row.TestTop5Correct / row.TestTotal : row.TestTop5AccuracyFraction,
            ThroughputImagesPerS = row.TrainTimeS > 0 ? row.TrainTotal / row.TrainTimeS : row.ThroughputImagesPerS,
        };
        Derived.Report(folder, FindingKind.InconsistentRow, line, row, expected, "the row's counts and times give");
    }

    private void Most(long line, string column, double value, string limit, double most)
    {
        if (value > most)
            folder.Log.Add(FindingKind.InconsistentRow, file, line, column, $"it is {value:R}, above {limit}, which is {most:R}.");
    }

    private void OfItsRun(long line, AccuracyRow row)
    {
        var key = TrainingRunKey.Of(row);
        if (!byKey.TryGetValue(key, out var run))
            runs.Add(byKey[key] = run = new RunEpochs(line, row));
        if (run.Add(line, row) is { } there)
        {
            folder.Log.Add(FindingKind.DuplicateRow, file, line, "epoch", $"epoch {row.Epoch} of run {key.RunId} ({key.Title}) is in line {there} already.");
            return;
        }
        var (firstLine, first) = run.Like(row);
        foreach (var difference in RunSettings.Differences(first, row))
            folder.Log.Add(FindingKind.RunDisagrees, file, line, difference.Column, $"it is {difference.Right}; line {firstLine} of the same run has {difference.Left}.");
    }

    private void Repeated(RunEpochs first, RunEpochs again)
    {
        var difference = again.FirstDifference(first);
        var kind = difference is null ? FindingKind.RepeatedRun : MustAgree(first, again) ? FindingKind.Irreproducible : FindingKind.ChangedResult;
        var result = difference ?? "the results are equal";
        folder.Log.Add(kind, file, again.FirstLine, "run_id", $"run {again.Key.RunId} ({again.Key.Title}) has the settings of {first.Key.RunId} in line {first.FirstLine}: {result}.");
    }

    /// <summary>On a CPU the same code gives the same bits. Other code may be meant to give others, and a commit that nobody knows, or
    /// with changes that nobody has, may be other code.</summary>
    private static bool MustAgree(RunEpochs first, RunEpochs again) =>
        first.First.Deterministic && first.First.Device == "cpu" && again.First.Device == "cpu" && first.OneCommit && again.OneCommit
        && first.First.Commit == again.First.Commit && RunSettings.AreKnown(first.First);
}
