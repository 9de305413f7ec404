using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.Tracing;

namespace FreezeBench.Freezing;

/// <summary>
/// Floating-point operations of convolutions, linear layers and attention for one image under a policy, counted from shapes. BatchNorm, ReLU,
/// pooling, loss and optimizer are left out: they wait for memory, and together they are below 1 % of the operations.
/// </summary>
/// <remarks>
/// A multiplication and an addition are two operations. He et al. ("Deep Residual Learning for Image Recognition", 2015,
/// table 1) count the pair once: 1.8e9 for ResNet-18 at 224 px is 3.6e9 here. In the backward pass the gradient by the
/// weights and that by the input are a product of the same size as the forward pass each; the first is needed where a layer
/// trains, the second where something before it trains. Products with padding count too, unless they are left out: a kernel of 3x3 on an
/// image of one pixel has one product in nine to make, and a library that makes no other would seem to be faster than it can be.
/// </remarks>
/// <param name="BackboneForward">Of all layers before the head.</param>
/// <param name="Forward">Of a step's forward pass: the backbone, unless its features are cached, and the head.</param>
/// <param name="Backward">Of a step's backward pass.</param>
public sealed record StepFlops(long BackboneForward, long Forward, long Backward)
{
    private const int PerMultiplyAdd = 2;

    /// <summary>Counts.</summary>
    /// <param name="network">Architecture.</param>
    /// <param name="classes">Outputs of the head, 1 or more.</param>
    /// <param name="resolutionPx">Height and width of the images that the network sees, 1 or more.</param>
    /// <param name="policy">What trains.</param>
    /// <param name="withPadding">Whether products with padding count.</param>
    public static StepFlops Of(Network network, int classes, int resolutionPx, FreezingPolicy policy, bool withPadding = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(resolutionPx, 1);
        var (stages, layers) = (network.StageNames, network.Layers(classes, resolutionPx).Layers);
        var first = policy.FirstTrained(stages);
        var backbone = layers.Where(layer => layer.Stage < stages.Count - 1).ToList();
        long Forwards(TracedLayer layer) => PerMultiplyAdd * (withPadding ? layer.MultiplyAdds : (long)Math.Round(layer.MultiplyAdds * layer.ShareWithPixels));
        var adapters = policy.AdapterRank is { } rank ? backbone.Sum(layer => PerMultiplyAdd * layer.Positions * layer.AdapterWeights(rank)) : 0;
        var forward = layers.Sum(Forwards);
        // The first adapter's A is at the images, which get no gradient.
        var backward = (2 * adapters) - (PerMultiplyAdd * layers[0].Positions * layers[0].AdapterDown(policy.AdapterRank ?? 0));
        foreach (var (index, layer) in layers.Index().Where(item => item.Item.Stage >= first))
            backward += Forwards(layer) * ((SeesTheCut(layers, index, first) ? 0 : 1) + (policy.TrainsWeights(layer.Stage, stages) ? 1 : 0));
        var before = backbone.Sum(Forwards);
        return new StepFlops(before, (policy.CachesFeatures ? forward - before : forward) + adapters, backward);
    }

    // Its input is an image, or what the frozen part gave: the first layer of the first trained stage, and the shortcut around that
    // layer's block.
    private static bool SeesTheCut(IReadOnlyList<TracedLayer> all, int index, int first) =>
        all[index].Stage == first && (index == 0 || all[index - 1].Stage != first
            || (all[index].IsShortcut && all[index].Block == all.First(layer => layer.Stage == first).Block));
}
