using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Kernels.Folding;
using FreezeBench.Results.Verification;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;
using static TorchSharp.torch;

namespace FreezeBench.DeviceChecks;

/// <summary>The frozen backbone as a copy with BatchNorm folded in, and fused with what follows where the device has that, against the layers as they are.</summary>
internal static class FoldingCheck
{
    /// <param name="device">Where.</param>
    /// <param name="disturb">Of the folded copy's features; a test breaks them. null: nobody.</param>
    internal static CheckFinding Find(CheckedDevice device, Func<Tensor, Tensor>? disturb = null)
    {
        List<VerifiedFigure> figures = [];
        foreach (var precision in Precision.All.Where(precision => !precision.AllowsTf32 && PrecisionSwitch.WhyNot(precision, device.Choice, device.ComputeCapability) is null))
        {
            PrecisionSwitch.Apply(precision, device.Choice, device.ComputeCapability);
            var before = CudnnOperators.Instance.Calls;
            figures.Add(new($"{precision.Name}_feature_error", Error(device, precision, disturb)) { AtMost = Tolerance(precision, device.IsCuda) });
            // Without limits: where cuDNN has no such operators, or hides NaN, the separate ones compute the same.
            if (device.IsCuda)
                figures.AddRange(Fused(precision.Name, CudnnOperators.OfDevice(device.Torch, precision.AutocastType ?? ScalarType.Float32), CudnnOperators.Instance.Calls - before));
        }
        PrecisionSwitch.Apply(Precision.Fp32, device.Choice, device.ComputeCapability);
        return CheckFinding.Of(figures);
    }

    /// <summary>Whether convolutions were fused with what follows them, and why not: a pass that is right without would not tell.</summary>
    /// <param name="name">Of the precision.</param>
    /// <param name="trial">On the device.</param>
    /// <param name="calls">Of the operators, the trial's four with them where it was made here.</param>
    internal static IEnumerable<VerifiedFigure> Fused(string name, FusedTrial trial, long calls)
    {
        VerifiedFigure Told(string what, bool holds) => new($"{name}_fused_{what}", holds ? 1 : 0);
        return [Told("runs", trial.Runs), Told("agrees", trial.Agrees), Told("keeps_nan", trial.KeepsNaN), new($"{name}_fused_calls", calls)];
    }

    // Twenty layers, each of which rounds once more or less than the other way: of float32 2e-6 was seen on a CPU, of 16-bit types one part in 2^8 and 2^11 is a rounding. On a GPU one
    // way's convolutions may go by Winograd's algorithm, which rounds some ten times as much.
    private static double Tolerance(Precision precision, bool cuda) => precision == Precision.Fp32 ? (cuda ? 2e-4 : 2e-5) : precision == Precision.Bf16 ? 0.05 : 0.01;

    private static double Error(CheckedDevice device, Precision precision, Func<Tensor, Tensor>? disturb)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var network = InitialNetwork.Create(
            precision == Precision.Fp32 ? SmallTraining.Network : SmallTraining.NetworkOf(device), SmallTraining.Classes, SmallTraining.ResolutionPx, KernelSet.Fast, device.Torch, device.Layout, seed: 1, weights: null);
        var images = device.Layout.ApplyTo(randn([SmallTraining.BatchSize, 3, SmallTraining.ResolutionPx, SmallTraining.ResolutionPx], device: device.Torch));
        // A fresh network's statistics are 0 and 1, which fold into nothing.
        network.Module.call(images).Dispose();
        using var layers = new PolicyNetwork(network, FreezingPolicy.Frozen, precision);
        var exact = layers.ForwardFeatures(images);
        using var folded = new PolicyNetwork(network, FreezingPolicy.Frozen, precision);
        folded.FoldFrozenPart();
        var features = folded.ForwardFeatures(images);
        return SmallTraining.RelativeError(disturb?.Invoke(features) ?? features, exact);
    }
}
