using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using FreezeBench.Torch.Arithmetic;
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
/// decided by a trial on the device itself, once for each type (<see cref="FusedTrial"/>). Never run on a GPU.
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

    // Of the size of the trial's output: as many that whatever hole of the allocator is taken next was one of them.
    private const int Blocks = 64;

    private static readonly ConcurrentDictionary<(DeviceType Device, int Index, ScalarType Type), FusedTrial> trials = new();

    private long calls;

    private CudnnOperators()
    {
    }

    /// <summary>The operators, whether they work here or not.</summary>
    internal static CudnnOperators Instance { get; } = new();

    /// <summary>The operators, where they take this convolution; null: the separate operations do it.</summary>
    /// <param name="parts">With a bias.</param>
    internal static IFusedOperators? Of(ConvolutionParts parts) =>
        Suits(parts.Weight.device_type, parts, Determinism.IsOn) && OfDevice(parts.Weight.device, parts.Weight.dtype).Passes ? Instance : null;

    /// <summary>Whether they are worth a trial.</summary>
    /// <param name="device">Of the weights.</param>
    /// <param name="parts">The convolution.</param>
    /// <param name="deterministic">Whether libtorch is told to be so: these operators do not ask cuDNN for it.</param>
    internal static bool Suits(DeviceType device, ConvolutionParts parts, bool deterministic) => device == DeviceType.CUDA && TakesSizes(parts) && !deterministic;

    /// <summary>What the trial on a device has found, which is made once.</summary>
    /// <param name="device">A GPU.</param>
    /// <param name="type">Of weights and activations.</param>
    internal static FusedTrial OfDevice(Device device, ScalarType type) => trials.GetOrAdd((device.type, device.index, type), _ => Tried(Instance, device, type, LeaveNaN));

    /// <summary>How often one of them has run in this process.</summary>
    internal long Calls => Interlocked.Read(ref calls);

    /// <summary>Whether stride, padding and dilation are numbers that hold both ways.</summary>
    internal static bool TakesSizes(ConvolutionParts parts) => Array.TrueForAll([parts.Stride, parts.Padding, parts.Dilation], pair => pair is [var vertical, var horizontal] && vertical == horizontal);

    /// <summary>Tries operators on a small convolution.</summary>
    /// <param name="fused">What is tried.</param>
    /// <param name="device">Where.</param>
    /// <param name="type">Of weights and activations.</param>
    /// <param name="leaveNaN">Leaves NaN in free memory of the size of a tensor.</param>
    internal static FusedTrial Tried(IFusedOperators fused, Device device, ScalarType type, Action<Tensor> leaveNaN)
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
            leaveNaN(separate);
            var agree = Agree(fused.Relu(input, parts), separate.relu()) && Agree(fused.AddRelu(input, other, parts), (separate + other).relu());
            return new(Runs: true, agree, IsNaN(fused.Relu(broken, parts)) && IsNaN(fused.AddRelu(input, broken, parts)));
        }
        // What cuDNN or this libtorch does not have, it says here and not in the middle of a step.
        catch (ExternalException)
        {
            return new(Runs: false, Agrees: false, KeepsNaN: false);
        }
    }

    public Tensor Relu(Tensor input, ConvolutionParts parts) => Counted((Tensor)script.Value.invoke(
        "relu", input, parts.Weight, parts.Bias!, parts.Stride[0], parts.Padding[0], parts.Dilation[0], parts.Groups)!);

    public Tensor AddRelu(Tensor input, Tensor other, ConvolutionParts parts) => Counted((Tensor)script.Value.invoke(
        "add_relu", input, parts.Weight, other, parts.Bias!, parts.Stride[0], parts.Padding[0], parts.Dilation[0], parts.Groups)!);

    private Tensor Counted(Tensor output)
    {
        Interlocked.Increment(ref calls);
        return output;
    }

    // libtorch has no addend for the convolution with ReLU alone, and hands cuDNN the output itself as one, as it lies in memory, with a factor of 0. Where a kernel
    // really reads it, what was there before decides: 0 times NaN is NaN.
    private static void LeaveNaN(Tensor like)
    {
        using var scope = NewDisposeScope();
        for (var block = 0; block < Blocks; block++)
            full_like(like, double.NaN);
    }

    private static bool Agree(Tensor found, Tensor exact) => (found.to(ScalarType.Float32) - exact.to(ScalarType.Float32)).abs().max().cpu().item<float>() <= TrialTolerance * exact.to(ScalarType.Float32).abs().max().cpu().item<float>();

    private static bool IsNaN(Tensor values) => values.isnan().all().cpu().item<bool>();
}
