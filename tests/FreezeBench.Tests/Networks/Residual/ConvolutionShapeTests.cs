using FreezeBench.Kernels.Convolutions;
using FreezeBench.Networks.Residual;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Networks.Residual;

public class ConvolutionShapeTests
{
    [Theory]
    [InlineData(BlockKind.Basic, 32)]
    [InlineData(BlockKind.Basic, 53)]
    [InlineData(BlockKind.Bottleneck, 32)]
    [InlineData(BlockKind.Bottleneck, 53)]
    public void Shapes_AreThoseThatAForwardPassSees_InItsOrder(BlockKind block, int resolutionPx)
    {
        var shape = new ResNetShape(block, [2, 1, 3, 1], Width: 8);
        using var scope = torch.NewDisposeScope();
        using var network = new ResNet(shape, classes: 3);
        List<(long Input, long Output, int Channels, long Weights)> seen = [];
        foreach (var convolution in network.modules().OfType<TrainedConvolution>())
            convolution.register_forward_hook((_, input, output) =>
            {
                seen.Add((input.numel(), output.numel(), (int)output.size(1), convolution.Weight.numel()));
                return output;
            });
        network.call(Thin.TinyImages(1, resolutionPx));

        Assert.Equal(seen, ConvolutionShape.Of(shape, resolutionPx).Select(layer => (layer.InputValues, layer.OutputValues, layer.ChannelsOut, layer.Weights)));
    }

    [Fact]
    public void Weights_AndBatchNorm_AreAllParametersBeforeTheHead()
    {
        using var network = new ResNet(ResNetShape.ResNet50, classes: 1);
        var head = network.Modules(Stage.Head).SelectMany(module => module.parameters()).Sum(parameter => parameter.numel());

        Assert.Equal(
            network.parameters().Sum(parameter => parameter.numel()) - head,
            ConvolutionShape.Of(ResNetShape.ResNet50, 224).Sum(layer => layer.Weights + (2L * layer.ChannelsOut)));
    }

    [Fact]
    public void StagesAndShortcuts_AreWhereTheNetworkHasThem()
    {
        var layers = ConvolutionShape.Of(ResNetShape.ResNet18, 224);

        Assert.Equal([(Stage.Layer2, 0), (Stage.Layer3, 0), (Stage.Layer4, 0)], layers.Where(layer => layer.IsShortcut).Select(layer => (layer.Stage, layer.Block)));
        Assert.Equal(20, layers.Count);
    }
}
