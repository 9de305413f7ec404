using FreezeBench.Results.Sets;

namespace FreezeBench.Tool.Cells;

/// <summary>Why cells would not run on their nodes, as far as earlier attempts and rows tell: what a device lacks, only it can say for certain.</summary>
/// <param name="Known">The GPUs of each kind that asks for one; none where nothing is known.</param>
/// <param name="Reasons">From a cell's id to the reason; other cells have none that is known.</param>
internal sealed record CellDoubts(IReadOnlyList<(NodeKind Kind, IReadOnlyList<KnownGpu> Gpus)> Known, IReadOnlyDictionary<string, string> Reasons)
{
    /// <param name="cells">Of a matrix.</param>
    /// <param name="folder">With the attempts.</param>
    /// <param name="rows">Results folders.</param>
    /// <param name="estimates">Of the same rows.</param>
    /// <param name="programs">That are asked about the GPU's arithmetic; null: they are not here.</param>
    internal static CellDoubts Of(IReadOnlyList<Cell> cells, JobFolder folder, IReadOnlyList<ResultSet> rows, CellEstimates estimates, ProgramFolder? programs)
    {
        var known = cells.Select(cell => cell.Node).DistinctBy(kind => kind.Name).Where(kind => kind.UsesGpu).Select(kind => (kind, Gpus: KnownGpu.Of(kind, cells, folder, rows))).ToList();
        Dictionary<string, string> reasons = [];
        foreach (var (kind, gpus) in known.Where(pair => pair.Gpus.Count > 0))
        {
            var there = cells.Where(cell => cell.Node.Name == kind.Name).ToList();
            // Of several kinds of GPU the best: Slurm may give that one.
            if (programs is not null && gpus.All(gpu => gpu.ComputeCapability is not null) && gpus.MaxBy(gpu => gpu.ComputeCapability!.Value) is { } newest)
                foreach (var (cell, why) in CellCheck.RefusedOn(there, programs, newest.ComputeCapability!.Value))
                    reasons[cell.Id] = $"{newest.Name} ({newest.Source}) would refuse it: {why}";
            if (gpus.All(gpu => gpu.MemoryBytes is not null) && gpus.MaxBy(gpu => gpu.MemoryBytes) is { } largest)
                foreach (var cell in there)
                    if (estimates.GpuMemoryOf(cell) is var (bytes, source) && bytes > largest.MemoryBytes)
                        reasons.TryAdd(cell.Id, $"it may not fit: {source} took {CellText.Gibibytes(bytes)}, and {largest.Name} ({largest.Source}) has {CellText.Gibibytes(largest.MemoryBytes!.Value)}");
        }
        // What a node has said counts most, of the cell or of another repeat of it.
        var all = cells.Select(cell => (Cell: cell, folder.Look(cell).Refusal)).ToList();
        var refused = all.Where(pair => pair.Refusal is not null).ToList();
        foreach (var (cell, own) in all)
            if (own is not null)
                reasons[cell.Id] = CellText.OnItsHost(own);
            else if (refused.Find(pair => pair.Cell.Node.Name == cell.Node.Name && CellEstimates.IsSame(pair.Cell, cell)) is { Refusal: { } other })
                reasons[cell.Id] = $"another repeat was {CellText.OnItsHost(other)}";
        return new CellDoubts(known, reasons);
    }
}
