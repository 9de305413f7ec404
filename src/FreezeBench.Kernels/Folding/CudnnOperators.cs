using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Folding;

/// <summary>
/// cuDNN's convolution with bias, addition and ReLU in one kernel, for frozen layers on a GPU: <c>aten::cudnn_convolution_relu</c> and
/// <c>aten::cudnn_convolution_add_relu</c>, which TorchScript's freezing uses. Without them each of the four is a pass over the activations.
/// </summary>
/// <remarks>
/// TorchSharp has no function for them, and the exported C++ ones would end the process where they throw; TorchScript has both, and its errors
/// arrive as exceptions. One operation to a function: there is nothing to fuse, for which libtorch would compile code at run time. Whether they are used is
/// decided by a trial on the device itself, once for each type: they must compute what the separate operations do, and leave NaN as it is. Never run on a GPU.
/// </remarks>
internal sealed class CudnnOperators : IFusedOperators
{
    private const int TrialChannels = 32, TrialPx = 8;

    // Of the largest value: a rounding or two of the type, and TF32's where it is on.
    private const double TrialTolerance = 0.02;

    private static readonly Lazy<jit.CompilationUnit> script = new(() => jit.compile("""
        def relu(x: Tensor, weight: Tensor, bias: Tensor, stride: int, padding: int, dilation: int, groups: int) -> Tensor:
            return torch.cudnn_convolution_relu(x, weight, bias, [stride, stride], [padding, padding], [dilation, dilation], groups)

        def add_relu(x: Tensor, weight: Tensor, other: Tensor, bias: Tensor, stride: int, padding: int, dilation: int, groups: int) -> Tensor:
            return torch.cudnn_convolution_add_relu(x, weight, other, 1.0, bias, [stride, stride], [padding, padding], [dilation, dilation], groups)

        """));

    private static readonly ConcurrentDictionary<(DeviceType Device, int Index, ScalarType Type), bool> trials = new();

    private CudnnOperators()
    {
    }

    /// <summary>The operators, whether they work here or not.</summary>
    internal static CudnnOperators Instance { get; } = new();

    /// <summary>The operators, where they take this convolution; null: the separate operations do it.</summary>
    /// <param name="parts">With a bias.</param>
    internal static IFusedOperators? Of(ConvolutionParts parts) =>
        parts.Weight.device_type == DeviceType.CUDA && TakesSizes(parts) && trials.GetOrAdd((parts.Weight.device_type, parts.Weight.device_index, parts.Weight.dtype), _ => Passes(Instance, parts.Weight.device, parts.Weight.dtype))
            ? Instance
            : null;

    /// <summary>Whether stride, padding and dilation are numbers that hold both ways.</summary>
    internal static bool TakesSizes(ConvolutionParts parts) => Array.TrueForAll([parts.Stride, parts.Padding, parts.Dilation], pair => pair is [var vertical, var horizontal] && vertical == horizontal);

    /// <summary>Whether operators compute what the separate operations do, on a small convolution, and leave NaN as it is.</summary>
    /// <param name="fused">What is tried.</param>
    /// <param name="device">Where.</param>
    /// <param name="type">Of weights and activations.</param>
    internal static bool Passes(IFusedOperators fused, Device device, ScalarType type)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        // Made by a formula, not drawn: the generator's next numbers are those of the training.
        Tensor Made(params long[] shape) => MemoryFormat.ChannelsLast.ApplyTo(linspace(-40, 41, shape.Aggregate((product, side) => product * side), ScalarType.Float32, device).sin().reshape(shape)).to(type);
        var (input, other) = (Made(2, TrialChannels, TrialPx, TrialPx), Made(2, TrialChannels, TrialPx, TrialPx));
        ConvolutionParts parts = new(Made(TrialChannels, TrialChannels, 3, 3) / TrialChannels, Made(1, TrialChannels, 1, 1).reshape(-1), [1, 1], [1, 1], [1, 1], 1);
        try
        {
            var separate = nn.functional.conv2d(input, parts.Weight, parts.Bias, padding: [1, 1]);
            var broken = full_like(input, double.NaN);
            return Agree(fused.Relu(input, parts), separate.relu()) && Agree(fused.AddRelu(input, other, parts), (separate + other).relu())
                && IsNaN(fused.Relu(broken, parts)) && IsNaN(fused.AddRelu(input, broken, parts));
        }
        // What cuDNN or this libtorch does not have, it says here and not in the middle of a step.
        catch (ExternalException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public Tensor Relu(Tensor input, ConvolutionParts parts) => (Tensor)script.Value.invoke(
        "relu", input, parts.Weight, parts.Bias!, parts.Stride[0], parts.Padding[0], parts.Dilation[0], parts.Groups)!;

    /// <inheritdoc/>
    public Tensor AddRelu(Tensor input, Tensor other, ConvolutionParts parts) => (Tensor)script.Value.invoke(
        "add_relu", input, parts.Weight, other, parts.Bias!, parts.Stride[0], parts.Padding[0], parts.Dilation[0], parts.Groups)!;

    private static bool Agree(Tensor found, Tensor exact) => (found.to(ScalarType.Float32) - exact.to(ScalarType.Float32)).abs().max().cpu().item<float>() <= TrialTolerance * exact.to(ScalarType.Float32).abs().max().cpu().item<float>();

    private static bool IsNaN(Tensor values) => values.isnan().all().cpu().item<bool>();
}
