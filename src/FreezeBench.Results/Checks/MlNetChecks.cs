using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Checks;

/// <summary>mlnet.csv, a row at a time.</summary>
internal sealed class MlNetChecks(CheckedFolder folder)
{
    internal void Run()
    {
        var file = folder.Name(MlNetRow.FileName);
        var columns = new ColumnChecks<MlNetRow>(folder);
        folder.Each<MlNetRow>((line, row) =>
        {
            columns.Row(line, row);
            columns.IsFirst(line, row, null, () => $"this round");
            if (row.Round < 1 || row.Round > row.Rounds)
                folder.Log.Add(FindingKind.InconsistentRow, file, line, "round", $"it is {row.Round} of {row.Rounds} rounds.");
            var expected = row with
            {
                FeatureImagesPerS = (row.TrainTotal + row.TestTotal) / row.FeatureTimeS,
                NetworkImagesPerS = row.NetworkImages / row.NetworkTimeS,
                TestAccuracyFraction = (double)row.TestCorrect / row.TestTotal,
            };
            Derived.Report(folder, FindingKind.InconsistentRow, line, row, expected, "the row's other columns give");
        });
        columns.End();
    }
}
