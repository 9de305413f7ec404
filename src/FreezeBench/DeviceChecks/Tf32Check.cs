using FreezeBench.Results.Verification;
using FreezeBench.Torch.Arithmetic;
using static TorchSharp.torch;

namespace FreezeBench.DeviceChecks;

/// <summary>
/// Products and convolutions with TF32 off and on, against float64 on the CPU: rows say <c>fp32</c> and <c>tf32</c> by these switches, and a
/// driver's variable (<c>NVIDIA_TF32_OVERRIDE</c>) can overrule them without a word.
/// </summary>
internal static class Tf32Check
{
    private const int Side = 512;

    // Sums of products of numbers that are rounded to 10 bits are off by 3e-4 to 4e-4 of their length; in float32 by 1e-6, and by some ten times as much where a convolution goes by
    // Winograd's algorithm.
    private const double MostOff = 5e-5, LeastOn = 1e-4;

    internal static CheckFinding Find(CheckedDevice device)
    {
        if (PrecisionSwitch.WhyNot(Precision.Tf32, device.Choice, device.ComputeCapability) is { } reason)
            return CheckFinding.NotApplicable(reason);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Tensor Drawn(params long[] shape) => randn(shape, ScalarType.Float32, CPU);
        var (left, right) = (Drawn(Side, Side), Drawn(Side, Side));
        var (images, kernels) = (Drawn(8, Side, 8, 8), Drawn(64, Side, 3, 3));
        Tensor InPrecision(Precision precision, Func<Tensor> compute)
        {
            PrecisionSwitch.Apply(precision, device.Choice, device.ComputeCapability);
            return compute();
        }
        Tensor OnDevice(Tensor values) => values.to(device.Torch);
        var (deviceLeft, deviceRight, deviceImages, deviceKernels) = (OnDevice(left), OnDevice(right), OnDevice(images), OnDevice(kernels));
        try
        {
            return CheckFinding.Of(
            [
                .. Figures("product", precision => InPrecision(precision, () => deviceLeft.matmul(deviceRight)), left.to(ScalarType.Float64).matmul(right.to(ScalarType.Float64))),
                .. Figures("convolution", precision => InPrecision(precision, () => nn.functional.conv2d(deviceImages, deviceKernels)), nn.functional.conv2d(images.to(ScalarType.Float64), kernels.to(ScalarType.Float64))),
            ]);
        }
        finally
        {
            PrecisionSwitch.Apply(Precision.Fp32, device.Choice, device.ComputeCapability);
        }
    }

    /// <param name="name">Of the operation.</param>
    /// <param name="compute">In fp32 and in tf32.</param>
    /// <param name="exact">What comes out in float64.</param>
    internal static IReadOnlyList<VerifiedFigure> Figures(string name, Func<Precision, Tensor> compute, Tensor exact) =>
    [
        new($"{name}_fp32_error", SmallTraining.RelativeError(compute(Precision.Fp32), exact)) { AtMost = MostOff },
        new($"{name}_tf32_error", SmallTraining.RelativeError(compute(Precision.Tf32), exact)) { AtLeast = LeastOn },
    ];
}
