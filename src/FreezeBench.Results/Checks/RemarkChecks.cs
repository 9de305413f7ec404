using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Checks;

/// <summary>remarks.csv against the runs that it remarks on.</summary>
internal sealed class RemarkChecks(CheckedFolder folder)
{
    internal void Run()
    {
        if (!File.Exists(Path.Combine(folder.Folder, RemarkRow.FileName)))
            return;
        var file = folder.Name(RemarkRow.FileName);
        var columns = new ColumnChecks<RemarkRow>(folder);
        var runs = RunIds();
        Dictionary<RowKey, long> lines = [];
        folder.Each<RemarkRow>((line, row) =>
        {
            columns.Row(line, row);
            if (row.Remark != RemarkRow.TimesDisturbed)
                folder.Log.Add(FindingKind.ImpossibleValue, file, line, "remark", $"it is '{row.Remark}'; possible is {RemarkRow.TimesDisturbed}.");
            else if (!lines.TryAdd(RowKey.Of(row), line))
                folder.Log.Add(FindingKind.DuplicateRow, file, line, null, $"this remark is in line {lines[RowKey.Of(row)]} already.");
            else if (runs is not null && !runs.Contains(row.RunId))
                folder.Log.Add(FindingKind.RemarkWithoutRun, file, line, "run_id", $"no row here is of run {row.RunId}.");
            else
                folder.Log.Add(FindingKind.Disturbed, file, line, null, $"the times of run {row.RunId} were disturbed: {row.Reason}.");
        });
    }

    /// <summary>The runs that are here; null where a file cannot be read, which is a finding already.</summary>
    private HashSet<string>? RunIds()
    {
        try
        {
            return [.. Of<BenchmarkRow>(), .. Of<AccuracyRow>(), .. Of<RunRow>()];
        }
        catch (UserErrorException)
        {
            return null;
        }
    }

    private IEnumerable<string> Of<TRow>() where TRow : IResultRow =>
        Path.Combine(folder.Folder, TRow.FileName) is var path && File.Exists(path) ? RowFile.Rows<TRow>(path).Select(item => RowKey.RunId(item.Row)) : [];
}
