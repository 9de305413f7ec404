using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Optimizing;

/// <summary>Tensors as <see cref="ForeachOperators"/> takes them: an array of what libtorch's <c>at::Tensor</c> holds.</summary>
/// <remarks>
/// An <c>at::Tensor</c> is one counted pointer, and a TorchSharp handle is the address of one. The pointers are borrowed: no count
/// goes up, so a list is of use for as long as nobody disposes its tensors. It keeps the managed ones from the garbage collector.
/// </remarks>
internal sealed class TensorList
{
    private readonly Tensor[] tensors;
    private readonly nint[] pointers;

    /// <param name="tensors">Not owned; none may be disposed before the list's last use.</param>
    internal TensorList(IEnumerable<Tensor> tensors)
    {
        this.tensors = [.. tensors];
        pointers = Array.ConvertAll(this.tensors, tensor => Marshal.ReadIntPtr(tensor.Handle));
    }

    /// <summary>How many there are.</summary>
    internal int Count => tensors.Length;

    /// <summary>To be pinned, and followed by <see cref="GC.KeepAlive"/> of this list after the native call.</summary>
    internal ReadOnlySpan<nint> Pointers => pointers;
}
