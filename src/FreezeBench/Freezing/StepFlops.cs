using FreezeBench.Networks.Residual;

namespace FreezeBench.Freezing;

/// <summary>
/// Floating-point operations of convolutions and head for one image under a policy, counted from shapes. BatchNorm, ReLU,
/// pooling, loss and optimizer are left out: they wait for memory, and together they are below 1 % of the operations.
/// </summary>
/// <remarks>
/// A multiplication and an addition are two operations. He et al. ("Deep Residual Learning for Image Recognition", 2015,
/// table 1) count the pair once: 1.8e9 for ResNet-18 at 224 px is 3.6e9 here. In the backward pass the gradient by the
/// weights and that by the input are a product of the same size as the forward pass each; the first is needed where a layer
/// trains, the second where something before it trains. Products with padding count too: who leaves them out, as a kernel of 3x3 on an
/// image of one pixel can, has fewer to do and seems the faster by it.
/// </remarks>
/// <param name="BackboneForward">Of all convolutions.</param>
/// <param name="Forward">Of a step's forward pass: the backbone, unless its features are cached, and the head.</param>
/// <param name="Backward">Of a step's backward pass.</param>
public sealed record StepFlops(long BackboneForward, long Forward, long Backward)
{
    private const int PerMultiplyAdd = 2;

    /// <summary>Counts.</summary>
    /// <param name="shape">Architecture.</param>
    /// <param name="classes">Outputs of the head, 1 or more.</param>
    /// <param name="resolutionPx">Height and width of the images that the network sees, 1 or more.</param>
    /// <param name="policy">What trains.</param>
    public static StepFlops Of(ResNetShape shape, int classes, int resolutionPx, FreezingPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        var convolutions = ConvolutionShape.Of(shape, resolutionPx);
        var backbone = convolutions.Sum(Forwards);
        var head = (long)PerMultiplyAdd * shape.FeatureCount * classes;
        // The head's input has a gradient where anything of the backbone trains.
        var backward = policy.BackboneFrozen ? head : 2 * head;
        foreach (var (index, convolution) in convolutions.Index().Where(item => item.Item.Stage >= policy.FirstTrained))
            backward += Forwards(convolution) * (SeesTheCut(convolutions, index, policy) ? 1 : 2);
        return new StepFlops(backbone, (policy.CachesFeatures ? 0 : backbone) + head, backward);
    }

    // Each weight is used once for every place of the output: OutputValues / ChannelsOut places.
    private static long Forwards(ConvolutionShape convolution) => PerMultiplyAdd * (convolution.OutputValues / convolution.ChannelsOut) * convolution.Weights;

    // Its input is an image, or what the frozen part gave: the first convolution of the first trained block, and the
    // shortcut around that block.
    private static bool SeesTheCut(IReadOnlyList<ConvolutionShape> all, int index, FreezingPolicy policy) =>
        all[index] is { Block: 0 } convolution && convolution.Stage == policy.FirstTrained
        && (convolution.IsShortcut || index == 0 || all[index - 1].Stage != convolution.Stage);
}
