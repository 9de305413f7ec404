using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Optimizing;

/// <summary>One parameter that a step is to move.</summary>
/// <param name="Index">Of the parameter, counted through all groups.</param>
/// <param name="Parameter">Changed in place.</param>
/// <param name="Gradient">Of its shape; the update may use it up.</param>
internal sealed record ParameterUpdate(int Index, Parameter Parameter, Tensor Gradient);
