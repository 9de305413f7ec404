using FreezeBench.Freezing;
using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;
using static TorchSharp.torch;

namespace FreezeBench.DeviceChecks;

/// <summary>
/// The training that checks are made by: on a GPU ResNet-18 with all its channels, so that the kernels are those of real work, on so few and small
/// images that ten steps take a second; on a CPU, where 16-bit types would take minutes for it, the same with 8 channels.
/// </summary>
internal static class SmallTraining
{
    internal const int Steps = 10, BatchSize = 8, ResolutionPx = 32, Classes = 10;

    private const long ImagesSeed = 7;

    // Small, since a batch of 8 leaves layer4's BatchNorm 8 numbers for a mean and a variance: at 0.01 a rounding in float32 had grown to as much as the
    // movement itself in ten steps, and the last bit would decide whether the check passes.
    private const double LearningRate = 1e-4;

    internal static Network Network => NetworkCatalog.ResNet18;

    internal static Network NetworkOf(CheckedDevice device) => device.IsCuda ? Network : Network.Thin!;

    internal static ImageDataSet Images(Device device, int count = Steps * BatchSize) => SyntheticImages.Create(count, ResolutionPx, Classes, ImagesSeed, device);

    internal static TrainingOptions Options(Precision precision) => new() { BatchSize = BatchSize, Precision = precision, LearningRateHead = LearningRate, LearningRateBackbone = LearningRate };

    /// <summary>A trainer of the fast kernels, ready to step.</summary>
    internal static Trainer Ready(CheckedDevice device, FreezingPolicy policy, Precision precision, ImageSet images) =>
        new(NetworkOf(device), policy, images, ResolutionPx, device.Layout, Options(precision));

    /// <summary>Parameters and buffers as they are now, float64 on the CPU, by name; integers are as they are. The caller disposes them.</summary>
    internal static Dictionary<string, Tensor> StateOf(nn.Module module)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        // Contiguous, for their bytes: in channels-last they have no order of their own.
        return module.state_dict().ToDictionary(
            entry => entry.Key, entry => (entry.Value.is_floating_point() ? entry.Value.to(ScalarType.Float64, CPU, copy: true) : entry.Value.to(CPU, copy: true)).contiguous().DetachFromDisposeScope());
    }

    internal static void Dispose(Dictionary<string, Tensor> state)
    {
        foreach (var value in state.Values)
            value.Dispose();
    }

    /// <summary>The length of the difference of two tensors, as a part of the second's.</summary>
    internal static double RelativeError(Tensor value, Tensor exact)
    {
        using var scope = NewDisposeScope();
        var (found, wanted) = (value.detach().to(ScalarType.Float64, CPU), exact.detach().to(ScalarType.Float64, CPU));
        return (found - wanted).norm().item<double>() / wanted.norm().item<double>();
    }

    /// <summary>How far a tensor goes in another's direction, as a part of the other's length: 1 is as far, 0 not at all, -1 as far the other way.</summary>
    internal static double Along(Tensor value, Tensor exact)
    {
        using var scope = NewDisposeScope();
        var (found, wanted) = (value.detach().to(ScalarType.Float64, CPU), exact.detach().to(ScalarType.Float64, CPU));
        return (found * wanted).sum().item<double>() / wanted.square().sum().item<double>();
    }
}
