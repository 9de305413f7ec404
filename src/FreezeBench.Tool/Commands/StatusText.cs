using FreezeBench.Tool.Cells;
using FreezeBench.Tool.Engines;

namespace FreezeBench.Tool.Commands;

/// <summary>What <c>matrix status</c> prints: a line for each cell, the ends of logs, and the sums.</summary>
internal static class StatusText
{
    internal static IEnumerable<string> Lines(IReadOnlyList<CellState> cells, JobFolder folder)
    {
        var width = cells.Max(cell => cell.Cell.Id.Length);
        foreach (var cell in cells)
        {
            yield return $"{cell.Cell.Id.PadRight(width)}  {Word(cell.Standing),-11}  {cell.Details}".TrimEnd();
            foreach (var line in cell.Lines)
                yield return $"    {line}";
        }
        yield return "";
        yield return $"{CellText.Count(cells.Count, "cell")}: {string.Join(", ", cells.GroupBy(cell => cell.Standing).OrderBy(group => group.Key).Select(group => $"{group.Count()} {Word(group.Key)}"))}. Folder: {folder.Root}";
    }

    private static string Word(CellStanding standing) => standing switch
    {
        CellStanding.Done => "done",
        CellStanding.Running => "running",
        CellStanding.Pending => "pending",
        CellStanding.Interrupted => "interrupted",
        CellStanding.Failed => "failed",
        _ => "not begun",
    };
}
