using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Checks;

/// <summary>per-class.csv by itself, and against the epochs that it is about.</summary>
internal sealed class PerClassChecks(CheckedFolder folder, AccuracyChecks accuracy)
{
    private readonly string file = folder.Name(PerClassRow.FileName);

    /// <param name="epochsRead">Whether accuracy.csv could be read, and its runs are known.</param>
    internal void Run(bool epochsRead)
    {
        var columns = new ColumnChecks<PerClassRow>(folder);
        List<(long Line, PerClassRow Row)> rows = [];
        var read = folder.Each<PerClassRow>((line, row) =>
        {
            columns.Row(line, row);
            if (columns.IsFirst(line, row, "label", () => $"class {row.Label} of run {row.RunId} ({TrainingRunKey.Of(row).Title})"))
                rows.Add((line, row));
            if (row.TestCorrect > row.TestImages)
                folder.Log.Add(FindingKind.InconsistentRow, file, line, "test_correct", $"it is {row.TestCorrect}, above test_images, which is {row.TestImages}.");
            if (row.Shots is { } shots && row.TrainImages != shots)
                folder.Log.Add(FindingKind.InconsistentRow, file, line, "train_images", $"it is {row.TrainImages}, and shots is {shots}.");
        });
        if (!read || !epochsRead)
            return;
        foreach (var epoch in rows.GroupBy(item => (Run: TrainingRunKey.Of(item.Row), item.Row.Epoch)))
            AgainstEpoch(epoch.Key.Run, epoch.Key.Epoch, [.. epoch]);
    }

    private void AgainstEpoch(TrainingRunKey run, int epoch, IReadOnlyList<(long Line, PerClassRow Row)> classes)
    {
        var line = classes[0].Line;
        void Wrong(string column, FormattableString message) => folder.Log.Add(FindingKind.InconsistentRow, file, line, column, message);

        if (accuracy.Find(run) is not { } known || known.Epochs.FirstOrDefault(one => one.Epoch == epoch) is not { } figures)
        {
            Wrong("epoch", $"{AccuracyRow.FileName} has no epoch {epoch} of run {run.RunId} ({run.Title}).");
            return;
        }
        if (classes.Count != known.First.Classes || classes.Any(item => item.Row.Label >= known.First.Classes))
            Wrong("label", $"run {run.RunId} ({run.Title}) has {known.First.Classes} classes, and labels here are {string.Join(", ", classes.Select(item => item.Row.Label).Order().Take(10))}.");
        if (classes.Sum(item => (long)item.Row.TestImages) is var total && total != figures.TestTotal)
            Wrong("test_images", $"the classes of run {run.RunId} ({run.Title}) have {total} test images; {AccuracyRow.FileName} has {figures.TestTotal}.");
        if (classes.Sum(item => (long)item.Row.TestCorrect) is var correct && correct != figures.TestCorrect)
            Wrong("test_correct", $"{correct} of run {run.RunId} ({run.Title}) are correct; {AccuracyRow.FileName} has {figures.TestCorrect}.");
        var shares = classes.Where(item => item.Row.TestImages > 0).Select(item => (double)item.Row.TestCorrect / item.Row.TestImages).ToList();
        if (figures.TestBalancedAccuracyFraction is { } balanced && shares.Count > 0 && !Derived.Agree(balanced, shares.Average()))
            Wrong("test_correct", $"the classes of run {run.RunId} ({run.Title}) give a balanced accuracy of {shares.Average():R}; {AccuracyRow.FileName} has {balanced:R}.");
    }
}
