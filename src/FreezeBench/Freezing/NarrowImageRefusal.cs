using System.Globalization;
using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.Tracing;
using FreezeBench.Results;
using FreezeBench.Torch.Arithmetic;
using TorchSharp;

namespace FreezeBench.Freezing;

/// <summary>Refuses trainings whose gradients would depend on memory that nobody wrote (<see cref="NarrowImage"/>), before they begin.</summary>
/// <remarks>On every CPU, also on those where they are right: what can be asked for is the same everywhere, and the first step tells nobody which it was.</remarks>
public static class NarrowImageRefusal
{
    /// <summary>Does nothing where the policy trains no such convolution, on another device than the CPU and in another type than bfloat16.</summary>
    /// <param name="network">Its layers are counted, where they are not known yet by a pass of one image.</param>
    /// <param name="classes">Of the head.</param>
    /// <param name="resolutionPx">Height and width of the images.</param>
    /// <param name="policy">What trains.</param>
    /// <param name="precision">What the network computes in.</param>
    /// <param name="device">Where.</param>
    /// <exception cref="UserErrorException">The policy trains such a convolution.</exception>
    public static void ThrowIfAny(Network network, int classes, int resolutionPx, FreezingPolicy policy, Precision precision, DeviceType device)
    {
        if (device != DeviceType.CPU || precision.AutocastType != torch.ScalarType.BFloat16)
            return;
        var stages = network.StageNames;
        bool Trains(TracedLayer layer) => policy.TrainsWeights(layer.Stage, stages) || (policy.AdapterRank is { } rank && layer.AdapterDown(rank) > 0);
        if (network.Layers(classes, resolutionPx).Layers.FirstOrDefault(layer => layer.IsOverNarrowImage && Trains(layer)) is { } wrong)
            throw new UserErrorException(string.Create(
                CultureInfo.InvariantCulture,
                $"{network} at {resolutionPx} px, {policy}, {precision}: a convolution of {stages[wrong.Stage]} sees images narrower than its stride, and there libtorch's gradient in {precision} is made of memory that nobody wrote. Pass a larger ‹resolution›, another ‹precision›, or a policy that does not train {stages[wrong.Stage]}."));
    }
}
