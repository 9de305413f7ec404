using FreezeBench.Networks.General;
using FreezeBench.Networks.Residual;
using FreezeBench.Networks.TorchVision;
using FreezeBench.Networks.Tracing;
using FreezeBench.Tests.Networks.Vit;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.Tracing;

public sealed class NetworkTraceTests
{
    private static readonly int[] sizes = [32, 64, 224];

    private static readonly ResNetShape[] shapes = [ResNetShape.ResNet18, ResNetShape.ResNet34, ResNetShape.ResNet50];

    public static TheoryData<string, int> Cases => [.. from index in Enumerable.Range(0, shapes.Length) from px in sizes select (ResNets.All[index].Name, px)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void ResNet_IsTracedAsItsArchitectureSays(string name, int px)
    {
        // An eighth of the channels: every count goes by the width.
        var shape = shapes[ResNets.All.ToList().FindIndex(network => network.Name == name)] with { Width = 8 };
        using var network = new ResNet(shape, Thin.Classes);
        var trace = NetworkTrace.Of(network, px);
        var expected = ConvolutionShape.Of(shape, px);
        Assert.Equal(
            expected.Select(layer => ((int)layer.Stage, layer.InputValues, layer.OutputValues, (long)layer.ChannelsOut, layer.Weights, layer.OutputValues / layer.ChannelsOut * layer.Weights)),
            trace.Layers.SkipLast(1).Select(layer => (layer.Stage, layer.InputValues, layer.OutputValues, layer.ChannelsOut, layer.Weights, layer.MultiplyAdds)));
        Assert.Equal(
            new TracedLayer(5, "fc", shape.FeatureCount, Thin.Classes, Thin.Classes, (long)shape.FeatureCount * Thin.Classes, (long)shape.FeatureCount * Thin.Classes),
            trace.Layers[^1]);
        Assert.Equal("conv1", trace.Layers[0].Name);
        Assert.Contains(trace.Layers, layer => layer.Name == "layer2.0.downsample.0");
        Assert.Empty(trace.Uncounted);
    }

    [Fact]
    public void VitBlock_IsCountedAsByHand()
    {
        using var network = ThinVit.Network();
        // 32 px: 4 patches and the class token; width 16, 2 heads of 8.
        TracedLayer[] expected =
        [
            new(0, "patch_embed.proj", 3 * 32 * 32, 4 * 16, 16, 3 * 16 * 16 * 16, 4 * 16 * 3 * 16 * 16),
            new(1, "blocks.0.attn.qkv", 5 * 16, 5 * 48, 48, 16 * 48, 5 * 16 * 48),
            new(1, "blocks.0.attn.product.scores", 2 * 5 * 16, 2 * 5 * 5, 5, 0, 2 * 5 * 5 * 8),
            new(1, "blocks.0.attn.product.values", (2 * 5 * 5) + (5 * 16), 5 * 16, 16, 0, 2 * 5 * 5 * 8),
            new(1, "blocks.0.attn.proj", 5 * 16, 5 * 16, 16, 16 * 16, 5 * 16 * 16),
            new(1, "blocks.0.mlp.fc1", 5 * 16, 5 * 64, 64, 16 * 64, 5 * 16 * 64),
            new(1, "blocks.0.mlp.fc2", 5 * 64, 5 * 16, 16, 64 * 16, 5 * 64 * 16),
        ];
        var trace = NetworkTrace.Of(network, ThinVit.Px);
        Assert.Equal(expected, trace.Layers.Take(expected.Length));
        Assert.Equal(1 + (4 * 6) + 1, trace.Layers.Count);
        Assert.Equal(new TracedLayer(5, "head", 16, 3, 3, 48, 48), trace.Layers[^1]);
        Assert.Empty(trace.Uncounted);
    }

    [Fact]
    public void DepthwiseConvolution_SeesItsOwnChannelAlone()
    {
        using var network = TorchVisionModel.MobileNetV2.Build(Thin.Classes, 32);
        var trace = NetworkTrace.Of(network, 32);
        // The first block: 3x3 for each of 32 channels of 16x16 pixels, then 1x1 to 16 channels.
        Assert.Equal(new TracedLayer(0, "features.1.conv.0.0", 32 * 256, 32 * 256, 32, 32 * 9, 32 * 256 * 9) { Groups = 32, ShareWithPixels = 46.0 / 48 * (46.0 / 48) }, trace.Layers[1]);
        Assert.Equal(new TracedLayer(0, "features.1.conv.1", 32 * 256, 16 * 256, 16, 32 * 16, 16 * 256 * 32), trace.Layers[2]);
        Assert.Empty(trace.Uncounted);
    }

    [Fact]
    public void Trace_LeavesTheNetworkAsItWas()
    {
        using var scope = NewDisposeScope();
        using var network = TorchVisionModel.MobileNetV3Small.Build(Thin.Classes, 32);
        network.Stages[0].Modules[0].eval();
        var modes = network.Module.modules().Select(module => module.training).ToList();
        var state = network.Module.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.bytes.ToArray());
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var trace = NetworkTrace.Of(network, 32);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(modes, network.Module.modules().Select(module => module.training));
        Assert.All(network.Module.state_dict(), entry => Assert.Equal(state[entry.Key], entry.Value.bytes.ToArray()));
        var count = trace.Layers.Count;
        network.Module.call(Thin.TinyImages());
        Assert.Equal(count, trace.Layers.Count);
    }

    [Fact]
    public void LayersOfOtherKinds_AreNamed()
    {
        var module = nn.Sequential(
            nn.Conv2d(3, 4, 3), nn.ConvTranspose2d(4, 4, 3), nn.BatchNorm2d(4), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, Thin.Classes));
        using var network = new GeneralNetwork(module, "5", Thin.Classes, 32);
        var trace = NetworkTrace.Of(network, 32);
        Assert.Equal(["0", "5"], trace.Layers.Select(layer => layer.Name));
        Assert.Equal([0, 1], trace.Layers.Select(layer => layer.Stage));
        Assert.Equal(["1"], trace.Uncounted);
    }
}
