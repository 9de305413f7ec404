using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Models;

/// <summary>
/// Tells whether any of some tensors has been written to. libtorch counts the writes into each tensor for autograd's sake,
/// whoever makes them: an optimizer, BatchNorm in train mode, a state dict that is loaded.
/// </summary>
internal sealed class TensorVersions
{
    // TorchSharp does not expose the counters, TorchScript does. One call for all tensors: some 50 microseconds for a hundred.
    private static readonly Lazy<jit.CompilationUnit> script = new(() => jit.compile("""
        def writes(tensors: List[Tensor]) -> int:
            count = 0
            for tensor in tensors:
                count += torch._version(tensor)
            return count

        """));

    private readonly Tensor[] tensors;
    private readonly long then;

    /// <param name="tensors">Not owned; not made in inference mode, where nothing is counted.</param>
    internal TensorVersions(IEnumerable<Tensor> tensors)
    {
        this.tensors = [.. tensors];
        then = Count();
    }

    /// <summary>Whether no tensor was written to since this was made; writing the same values counts as writing.</summary>
    internal bool Unchanged => Count() == then;

    // The counters only ever go up, so that an equal sum is an equal counter for every tensor.
    private long Count()
    {
        using var count = (Scalar)script.Value.invoke("writes", (object)tensors);
        return count.ToInt64();
    }
}
