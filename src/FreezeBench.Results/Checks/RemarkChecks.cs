using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Checks;

/// <summary>remarks.csv against the runs that it remarks on, whose files are read before it.</summary>
internal sealed class RemarkChecks(CheckedFolder folder)
{
    internal void Run()
    {
        var file = folder.Name(RemarkRow.FileName);
        var columns = new ColumnChecks<RemarkRow>(folder);
        folder.Each<RemarkRow>((line, row) =>
        {
            columns.Row(line, row);
            if (row.Remark != RemarkRow.TimesDisturbed)
                folder.Log.Add(FindingKind.ImpossibleValue, file, line, "remark", $"it is '{row.Remark}'; possible is {RemarkRow.TimesDisturbed}.");
            else if (!columns.IsFirst(line, row, null, () => $"this remark"))
                return;
            else if (folder.RunIds?.Contains(row.RunId) == false)
                folder.Log.Add(FindingKind.RemarkWithoutRun, file, line, "run_id", $"no row here is of run {row.RunId}.");
            else
                folder.Log.Add(FindingKind.Disturbed, file, line, null, $"the times of run {row.RunId} were disturbed: {row.Reason}.");
        });
    }
}
