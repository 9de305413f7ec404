using FreezeBench.Torch;
using FreezeBench.Torch.Loading;

namespace FreezeBench.Kernels;

/// <summary>
/// Whose layers compute: a closed list, each named once for options, rows and docs. The weights and, but for rounding, the results are the
/// same; a number that was measured with one is never mixed with one of the other.
/// </summary>
public sealed record KernelSet
{
    /// <summary>
    /// What a user's own TorchSharp code costs: <c>nn.Conv2d</c>, layers as they are, libtorch's backward pass, one optimizer call for each
    /// operation and parameter, the C runtime's heap as it comes.
    /// </summary>
    public static readonly KernelSet Plain = new("plain");

    /// <summary>
    /// FreezeBench's own: BatchNorm folded into frozen convolutions, prepacked weights, gradients by taps, updates of many tensors at once,
    /// and a heap that keeps freed memory.
    /// </summary>
    public static readonly KernelSet Fast = new("fast");

    /// <summary>Both, in the order of tables.</summary>
    public static IReadOnlyList<KernelSet> All { get; } = [Plain, Fast];

    /// <summary>The names of both, for messages.</summary>
    public static string ValidNames { get; } = string.Join(", ", All.Select(kernels => kernels.Name));

    private KernelSet(string name) => Name = name;

    /// <summary>The name in options and rows.</summary>
    public string Name { get; }

    /// <summary>Finds one by its exact name.</summary>
    /// <exception cref="RefusedException">The name is none of <see cref="ValidNames"/>.</exception>
    public static KernelSet Parse(string name) => All.FirstOrDefault(kernels => kernels.Name == name)
        ?? throw new RefusedException($"Unknown kernels '{name}'. Valid values: {ValidNames}.");

    /// <summary>
    /// Puts the process into the state that these kernels are measured in; before the first step. What fast ones do to the heap
    /// (<see cref="HeapSettings.KeepFreedMemory"/>) cannot be taken back: a process that measures both does plain ones first.
    /// </summary>
    public void PrepareProcess()
    {
        if (this == Fast)
            HeapSettings.KeepFreedMemory();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
