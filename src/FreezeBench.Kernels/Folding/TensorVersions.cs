using FreezeBench.Torch.Loading;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Folding;

/// <summary>
/// Tells whether any of some tensors has been written to. libtorch counts the writes into each tensor for autograd's sake,
/// whoever makes them: an optimizer, BatchNorm in train mode, a state dict that is loaded.
/// </summary>
internal sealed unsafe class TensorVersions
{
    // TorchSharp does not expose the counters, TorchScript does: some 35 microseconds for the 120 tensors of a ResNet-18. Calling
    // the function by its exported name takes 2; where the name is another one, as on Windows, the script is the way.
    private static readonly Lazy<jit.CompilationUnit> script = new(() => jit.compile("""
        def writes(tensors: List[Tensor]) -> int:
            count = 0
            for tensor in tensors:
                count += torch._version(tensor)
            return count

        """));

    // long at::TensorBase::_version() const; a TorchSharp handle is the address of such a tensor.
    private static readonly Lazy<nint?> exported = new(() => ExportedSymbol.TryFind("_ZNK2at10TensorBase8_versionEv"));

    private readonly Tensor[] tensors;
    private readonly long then;

    /// <param name="tensors">Not owned.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">One was made in inference mode, where nothing is counted.</exception>
    internal TensorVersions(IEnumerable<Tensor> tensors)
    {
        this.tensors = [.. tensors];
        // The script throws for a tensor without a counter; the exported function's exception would end the process.
        then = CountByScript();
    }

    /// <summary>Whether no tensor was written to since this was made; writing the same values counts as writing.</summary>
    internal bool Unchanged => (exported.Value is { } version ? CountBy(version) : CountByScript()) == then;

    /// <summary>Writes into all tensors so far, by TorchScript.</summary>
    // The counters only ever go up, so that an equal sum is an equal counter for every tensor.
    internal long CountByScript()
    {
        using var count = (Scalar)script.Value.invoke("writes", (object)tensors);
        return count.ToInt64();
    }

    private long CountBy(nint version)
    {
        var count = 0L;
        foreach (var tensor in tensors)
            count += ((delegate* unmanaged[Cdecl]<nint, long>)version)(tensor.Handle);
        return count;
    }
}
