using TorchSharp;

namespace FreezeBench.Kernels;

/// <summary>
/// Numbers for operators, which live as long as the process. One that TorchSharp makes for a single call, such as the factor
/// that <c>add_(tensor)</c> leaves out, is kept by nobody while libtorch reads it: a garbage collection in that moment frees it.
/// </summary>
internal static class Numbers
{
    /// <summary>1, of tensors of every type.</summary>
    internal static readonly Scalar One = 1;
}
