using FreezeBench.Tool.Cells;

namespace FreezeBench.Tool.Commands;

/// <summary>What <c>matrix plan</c> prints: a line for each cell, and the sums.</summary>
internal static class PlanText
{
    internal static IEnumerable<string> Lines(IReadOnlyList<Cell> cells, CellEstimates estimates, JobFolder folder)
    {
        var all = cells.Select(cell => (Cell: cell, Estimate: estimates.Of(cell), Done: folder.Finished(cell) is not null)).ToList();
        var width = cells.Max(cell => cell.Id.Length);
        foreach (var (cell, estimate, done) in all)
            yield return $"{cell.Id.PadRight(width)}  {(done ? "done" : estimate.Time is { } time ? $"~{CellText.Of(time)}" : "?"),8}  {estimate.Source}";
        yield return "";
        foreach (var kind in all.GroupBy(one => one.Cell.Node.Name))
        {
            var open = kind.Where(one => !one.Done).ToList();
            var (known, unknown) = (TimeSpan.FromSeconds(open.Sum(one => one.Estimate.Time?.TotalSeconds ?? 0)), open.Count(one => one.Estimate.Time is null));
            yield return $"{kind.Key}: {CellText.Count(kind.Count(), "cell")}, {kind.Count() - open.Count} done{(open.Count > unknown ? $", ~{CellText.Of(known)} one after the other" : "")}{(unknown > 0 ? $", of {unknown} the time is unknown" : "")}";
        }
        yield return "Times are those of measuring, without the start of a cell's process (some seconds).";
    }
}
