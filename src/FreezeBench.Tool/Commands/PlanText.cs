using System.Globalization;
using FreezeBench.Tool.Cells;

namespace FreezeBench.Tool.Commands;

/// <summary>What <c>matrix plan</c> prints: a line for each cell, and the sums.</summary>
internal static class PlanText
{
    internal static IEnumerable<string> Lines(IReadOnlyList<Cell> cells, CellEstimates estimates, CellDoubts doubts, JobFolder folder)
    {
        var all = cells.Select(cell => (Cell: cell, Estimate: estimates.Of(cell), Done: folder.Finished(cell) is not null)).ToList();
        var width = cells.Max(cell => cell.Id.Length);
        foreach (var (cell, estimate, done) in all)
            yield return !done && doubts.Reasons.TryGetValue(cell.Id, out var doubt)
                ? $"{cell.Id.PadRight(width)}  {"doubtful",8}  {doubt}"
                : $"{cell.Id.PadRight(width)}  {(done ? "done" : estimate.Time is { } time ? $"~{CellText.Of(time)}" : "?"),8}  {estimate.Source}";
        yield return "";
        foreach (var kind in all.GroupBy(one => one.Cell.Node.Name))
        {
            var open = kind.Where(one => !one.Done).ToList();
            var (known, unknown) = (TimeSpan.FromSeconds(open.Sum(one => one.Estimate.Time?.TotalSeconds ?? 0)), open.Count(one => one.Estimate.Time is null));
            yield return $"{kind.Key}: {CellText.Count(kind.Count(), "cell")}, {kind.Count() - open.Count} done{(open.Count > unknown ? $", ~{CellText.Of(known)} one after the other" : "")}{(unknown > 0 ? $", of {unknown} the time is unknown" : "")}"
                + (open.Count(one => doubts.Reasons.ContainsKey(one.Cell.Id)) is > 0 and var doubtful ? $", {doubtful} doubtful" : "");
        }
        yield return "Times are those of measuring, without the start of a cell's process (some seconds).";
        yield return $"Only a node can refuse what its device lacks (a precision, memory for a batch), and data or weights that are not there: its program does so at its start, and status says why.{Devices(doubts)}";
    }

    private static string Devices(CellDoubts doubts)
    {
        var known = doubts.Known.Where(pair => pair.Gpus.Count > 0).Select(pair => $"{pair.Kind.Name} {string.Join(" or ", pair.Gpus.Select(Text))}").ToList();
        var unknown = doubts.Known.Where(pair => pair.Gpus.Count == 0).Select(pair => pair.Kind.Name).ToList();
        return (known.Count > 0 ? $" Known are: {string.Join("; ", known)}." : "") + (unknown.Count > 0 ? $" Not known is the GPU of: {string.Join(", ", unknown)}." : "");
    }

    private static string Text(KnownGpu gpu) => string.Create(CultureInfo.InvariantCulture,
        $"{gpu.Name}{(gpu.ComputeCapability is var (major, minor) ? $", compute capability {major}.{minor}" : "")}{(gpu.MemoryBytes is { } bytes ? $", {CellText.Gibibytes(bytes)}" : "")} ({gpu.Source})");
}
