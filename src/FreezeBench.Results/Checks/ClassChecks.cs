using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Checks;

/// <summary>classes.csv by itself.</summary>
internal sealed class ClassChecks(CheckedFolder folder)
{
    internal void Run()
    {
        var file = folder.Name(ClassRow.FileName);
        var columns = new ColumnChecks<ClassRow>(folder);
        folder.Each<ClassRow>((line, row) =>
        {
            columns.Row(line, row);
            if (row.Label < 0)
                folder.Log.Add(FindingKind.ImpossibleValue, file, line, "label", $"it is {row.Label}; possible is 0 or more.");
            else
                columns.IsFirst(line, row, "label", () => $"class {row.Label} of run {row.RunId}");
        });
    }
}
