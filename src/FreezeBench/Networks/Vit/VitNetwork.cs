using FreezeBench.Results;
using static TorchSharp.torch;

namespace FreezeBench.Networks.Vit;

/// <summary>A vision transformer in stages: stem, layer1 to layer4 (a quarter of the blocks each), head. Features are [N, width].</summary>
public sealed class VitNetwork : INetwork
{
    private readonly VisionTransformer transformer;

    /// <summary>A freshly initialised network on the CPU, in train mode.</summary>
    /// <param name="shape">Width, depth and heads.</param>
    /// <param name="classes">Classes of the head.</param>
    /// <param name="resolutionPx">Height and width of the images.</param>
    /// <exception cref="UserErrorException">The resolution is no multiple of <see cref="VitShape.PatchPx"/>.</exception>
    public VitNetwork(VitShape shape, int classes, int resolutionPx) => transformer = new(shape, classes, resolutionPx);

    /// <summary>Of every shape.</summary>
    public static IReadOnlyList<string> StageNames { get; } = ["stem", "layer1", "layer2", "layer3", "layer4", "head"];

    /// <inheritdoc/>
    public nn.Module<Tensor, Tensor> Module => transformer;

    /// <inheritdoc/>
    public IReadOnlyList<NetworkStage> Stages => transformer.Stages;

    /// <inheritdoc/>
    public string HeadName => transformer.Head.Name;

    /// <inheritdoc/>
    public int Classes => transformer.Head.Classes;

    /// <inheritdoc/>
    public int FeatureCount => transformer.Head.FeatureCount;

    /// <inheritdoc/>
    public void Dispose() => transformer.Dispose();
}
