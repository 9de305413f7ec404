using FreezeBench.Networks.Vit;
using FreezeBench.Results;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.Vit;

public sealed class VitNetworkTests
{
    [Fact]
    public void Stages_OneAfterTheOther_AreTheModule()
    {
        using var scope = NewDisposeScope();
        using var network = ThinVit.Network();
        NetworkAssert.StagesAreTheModule(network, Thin.TinyImages());
        NetworkAssert.StagesShareOutTheModule(network);
        NetworkAssert.StagesLeaveNothingBehind(network, Thin.TinyImages());
    }

    [Fact]
    public void Stages_AreStemQuartersAndHead_WithTokensBetweenThem()
    {
        using var scope = NewDisposeScope();
        using var network = ThinVit.Network();
        Assert.Equal(["stem", "layer1", "layer2", "layer3", "layer4", "head"], network.Stages.Select(stage => stage.Name));
        List<long[]> shapes = [];
        var output = Thin.TinyImages();
        foreach (var stage in network.Stages)
        {
            output = stage.Run(output);
            shapes.Add(output.shape);
        }
        Assert.Equal([[4, 5, 16], [4, 5, 16], [4, 5, 16], [4, 5, 16], [4, 16], [4, 3]], shapes);
        Assert.Equal(16, network.FeatureCount);
        Assert.Equal("head", network.HeadName);
    }

    [Fact]
    public void Stem_HasTheClassTokenAndThePositions_AlsoAfterAMove()
    {
        using var network = ThinVit.Network();
        network.Module.to(ScalarType.Float64);
        var state = network.Module.state_dict();
        var stem = network.Stages[0].Modules.SelectMany(module => module.parameters()).ToList();
        Assert.All(stem, parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        string[] names = ["cls_token", "pos_embed", "patch_embed.proj.weight", "patch_embed.proj.bias"];
        Assert.Equal(
            names.Select(name => state[name].Handle).Order(),
            stem.Select(parameter => parameter.Handle).Order());
    }

    [Fact]
    public void Step_GivesEveryParameterAGradient()
    {
        using var scope = NewDisposeScope();
        using var network = ThinVit.Network();
        nn.functional.cross_entropy(network.Module.call(Thin.TinyImages()), Thin.Labels()).backward();
        Assert.All(network.Module.parameters(), parameter => Assert.True(parameter.grad!.abs().max().item<float>() > 0));
    }

    [Fact]
    public void FreshNetwork_IsInitialisedAsTimmDoes()
    {
        random.manual_seed(1);
        using var scope = NewDisposeScope();
        using var network = new VitNetwork(VitShape.Tiny, 10, 224);
        var state = network.Module.state_dict();
        // 37,824 and more numbers: the sample is within 1 %, which is 2e-4.
        foreach (var name in new[] { "pos_embed", "blocks.0.attn.qkv.weight", "blocks.11.mlp.fc2.weight" })
        {
            Assert.Equal(0.02, state[name].std().item<float>(), 3e-4);
            Assert.Equal(0, state[name].mean().item<float>(), 5e-4);
        }
        Assert.InRange(state["cls_token"].abs().max().item<float>(), 1e-6, 1e-5);
        Assert.InRange(state["head.weight"].abs().max().item<float>(), 0.04, 0.12);
        // A convolution's default: uniform within 1 / sqrt(fan in).
        Assert.InRange(state["patch_embed.proj.weight"].abs().max().item<float>(), 0.99 / Math.Sqrt(768), 1.0001 / Math.Sqrt(768));
        foreach (var (name, tensor) in state.Where(entry => entry.Key.EndsWith(".bias", StringComparison.Ordinal) && !entry.Key.StartsWith("patch", StringComparison.Ordinal)))
            Assert.True((tensor == 0).all().item<bool>(), name);
        foreach (var (name, tensor) in state.Where(entry => entry.Key.Contains("norm", StringComparison.Ordinal) && entry.Key.EndsWith(".weight", StringComparison.Ordinal)))
            Assert.True((tensor == 1).all().item<bool>(), name);
        Assert.All(network.Module.parameters(), parameter => Assert.True(parameter.requires_grad));
        Assert.True(network.Module.training);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(0)]
    [InlineData(8)]
    public void ResolutionThatIsNoMultipleOfAPatch_IsRefused(int resolutionPx) =>
        Assert.Contains($"the resolution is {resolutionPx} px; it must be a multiple of 16",
            Assert.Throws<UserErrorException>(() => new VitNetwork(ThinVit.Shape, 3, resolutionPx)).Message, StringComparison.Ordinal);

    [Fact]
    public void ImagesOfAnotherSize_AreRefused()
    {
        using var scope = NewDisposeScope();
        using var network = ThinVit.Network();
        var error = Assert.Throws<ArgumentException>(() => network.Module.call(Thin.TinyImages(size: 48)));
        Assert.Contains("built for images of 32x32 pixels; it got [4, 3, 48, 48]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BadShape_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => new VitNetwork(new(Width: 16, Depth: 6, Heads: 2), 3, 32));
        Assert.Throws<ArgumentException>(() => new VitNetwork(new(Width: 16, Depth: 4, Heads: 3), 3, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VitNetwork(new(Width: 0, Depth: 4, Heads: 3), 3, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => new VitNetwork(ThinVit.Shape, 0, 32));
    }
}
