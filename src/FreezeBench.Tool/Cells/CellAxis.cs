using FreezeBench.Results;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Workloads;

namespace FreezeBench.Tool.Cells;

/// <summary>Something that varies between cells.</summary>
/// <param name="Key">In a block, where it has a list of values.</param>
/// <param name="One">A value of it: in <c>exclude</c>.</param>
/// <param name="Option">By which the program is told.</param>
/// <param name="Program">The only one that has it; null: both.</param>
/// <param name="Known">All values; null: the program knows them.</param>
internal sealed record CellAxis(string Key, string One, string Option, CellProgram? Program = null, IReadOnlyList<string>? Known = null)
{
    internal static readonly CellAxis Workloads = new("workloads", "workload", "--workload", CellProgram.Bench, [.. StandardWorkloads.All.Select(workload => workload.Name)]);
    internal static readonly CellAxis Networks = new("networks", "network", "--backbone");
    internal static readonly CellAxis Datasets = new("datasets", "dataset", "--dataset", CellProgram.Accuracy);
    internal static readonly CellAxis Resolutions = new("resolutions", "resolution", "--resolution");
    internal static readonly CellAxis BatchSizes = new("batch_sizes", "batch_size", "--batch-size");
    internal static readonly CellAxis Precisions = new("precisions", "precision", "--precision", Known: ["fp32", "tf32", "bf16", "fp16"]);
    internal static readonly CellAxis Policies = new("policies", "policy", "--policies");
    internal static readonly CellAxis Kernels = new("kernels", "kernel", "--kernels", Known: [KernelKind.Plain.Word(), KernelKind.Fast.Word()]);
    internal static readonly CellAxis Seeds = new("seeds", "seed", "--seeds", CellProgram.Accuracy);

    /// <summary>In the order in which a cell's name and command line have them.</summary>
    internal static IReadOnlyList<CellAxis> All { get; } = [Workloads, Networks, Datasets, Resolutions, BatchSizes, Precisions, Policies, Kernels, Seeds];

    /// <summary>The axes that a standard workload settles.</summary>
    internal static IReadOnlyList<CellAxis> OfSize { get; } = [Networks, Resolutions, BatchSizes, Precisions];
}
