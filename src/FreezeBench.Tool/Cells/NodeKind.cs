using FreezeBench.Results.Machine;

namespace FreezeBench.Tool.Cells;

/// <summary>Machines that a cell may run on, as the scheduler's words choose them.</summary>
internal sealed record NodeKind
{
    /// <summary>The kind where a file names none: whatever machine it is.</summary>
    internal const string Anything = "any";

    /// <summary>Lower-case letters, digits, hyphens: part of the cells' names.</summary>
    public required string Name { get; init; }

    /// <summary>Such as <c>gpu:h200:1</c>.</summary>
    public string? Gres { get; init; }

    /// <summary>Features of a node, such as <c>avx512</c>.</summary>
    public string? Constraint { get; init; }

    /// <summary>Null: the scheduler's default.</summary>
    public string? Partition { get; init; }

    /// <summary>Whether nothing else may run beside a cell: what a time that is to be compared needs.</summary>
    public bool Exclusive { get; init; }

    /// <summary>Longest time of a cell, as the scheduler writes it, such as <c>01:30:00</c>; null: the partition's.</summary>
    public string? TimeLimit { get; init; }

    /// <summary>CPU cores of a cell; null: the scheduler's default.</summary>
    public int? Cpus { get; init; }

    /// <summary>Value of <c>--device</c>. A kind with a GPU measures that GPU or fails; it never becomes a measurement of its CPU.</summary>
    public required string Device { get; init; }

    /// <summary>Whether it is a kind of GPU that is measured.</summary>
    public bool UsesGpu => TorchFacts.IsGpu(Device);

    /// <summary>Further options of the scheduler, such as <c>--account=lab</c>, as they are.</summary>
    public IReadOnlyList<string> Sbatch { get; init; } = [];

    /// <summary>The GPUs for which generic resources ask, each with its parts: <c>gpu</c>, its type where that is said, their number.</summary>
    internal static IEnumerable<string[]> GpusOf(string? gres) => (gres ?? "").Split(',').Select(one => one.Split(':')).Where(parts => parts[0] is "gpu" or "gres/gpu");

    /// <summary>The device that a kind is measured on where the file does not say.</summary>
    /// <param name="gres">Its generic resources.</param>
    /// <param name="sbatch">Further options of the scheduler, of which some ask for GPUs, too.</param>
    internal static string DeviceOf(string? gres, IReadOnlyList<string> sbatch) => GpusOf(gres).Any()
        || sbatch.Any(option => option.Split('=')[0] is "--gpus" or "--gpus-per-node" or "--gpus-per-task") ? "cuda" : "auto";
}
