using FreezeBench.Networks;
using FreezeBench.Networks.Residual;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.Tracing;

/// <summary>A ResNet in its stages.</summary>
internal sealed class TracedResNet(ResNetShape shape, int classes) : INetwork
{
    private readonly ResNet network = new(shape, classes);

    public nn.Module<Tensor, Tensor> Module => network;

    public IReadOnlyList<NetworkStage> Stages =>
        [.. Enum.GetValues<Stage>().Select(stage => new NetworkStage(stage.ToString(), network.Modules(stage), input => network.Run(input, stage, stage)))];

    public string HeadName => "fc";

    public int Classes => network.Classes;

    public int FeatureCount => shape.FeatureCount;

    public void ReplaceHead(int classes) => network.ReplaceHead(classes);

    public void Dispose() => network.Dispose();
}
