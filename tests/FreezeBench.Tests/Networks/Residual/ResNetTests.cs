using FreezeBench.Networks.Residual;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.Residual;

public sealed class ResNetTests
{
    [Fact]
    public void FreshNetwork_RequiresGradientsEverywhere()
    {
        using var network = new ResNet(Thin.Shape(), Thin.Classes);
        Assert.All(network.parameters(), parameter => Assert.True(parameter.requires_grad));
        Assert.True(network.training);
    }

    [Fact]
    public void FreshlyLoadedNetwork_RequiresGradientsEverywhere()
    {
        using var source = Thin.Network();
        using var network = new ResNet(Thin.Shape(), Thin.Classes);
        network.load_state_dict(source.state_dict());
        Assert.All(network.parameters(), parameter => Assert.True(parameter.requires_grad));
        var expected = source.state_dict();
        Assert.All(network.state_dict(), entry => Assert.True(entry.Value.bytes.SequenceEqual(expected[entry.Key].bytes)));
    }

    [Fact]
    public void FreshNetwork_IsInitialisedAsTorchvisionDoes()
    {
        random.manual_seed(1);
        using var network = new ResNet(new(BlockKind.Basic, [1, 1, 1, 1]), 1000);
        var state = network.state_dict();
        // Normal with variance 2 / (out * kernel^2); 147,456 numbers, so the sample is within 1 %.
        Assert.Equal(Math.Sqrt(2.0 / (128 * 9)), state["layer2.0.conv2.weight"].std().item<float>(), 5e-4);
        Assert.Equal(0, state["layer2.0.conv2.weight"].mean().item<float>(), 1e-3);
        string[] ones = ["weight", "running_var"];
        foreach (var (name, tensor) in state.Where(entry => entry.Key.Contains("bn", StringComparison.Ordinal)))
            Assert.True((tensor == (ones.Contains(name.Split('.')[^1]) ? 1 : 0)).all().item<bool>(), name);
        // nn.Linear's default: uniform within 1 / sqrt(features).
        Assert.InRange(state["fc.weight"].abs().max().item<float>(), 0.99 / Math.Sqrt(512), 1.0001 / Math.Sqrt(512));
    }

    [Theory]
    [InlineData(BlockKind.Basic, 64)]
    [InlineData(BlockKind.Bottleneck, 256)]
    public void Features_HaveOneRowPerImage(BlockKind block, int features)
    {
        using var scope = NewDisposeScope();
        using var network = Thin.Network(block);
        Assert.Equal(features, network.Shape.FeatureCount);
        Assert.Equal([4, features], network.Run(Thin.TinyImages(), Stage.Stem, Stage.Layer4).shape);
        Assert.Equal([4, Thin.Classes], network.call(Thin.TinyImages()).shape);
    }

    [Fact]
    public void Run_InTwoParts_GivesTheSameBitsAsTheWhole()
    {
        using var scope = NewDisposeScope();
        using var network = Thin.Network();
        network.eval();
        var whole = network.call(Thin.TinyImages());
        foreach (var cut in Enum.GetValues<Stage>().SkipLast(1))
        {
            var parts = network.Run(network.Run(Thin.TinyImages(), Stage.Stem, cut), cut + 1, Stage.Head);
            Assert.True(parts.bytes.SequenceEqual(whole.bytes), $"cut after {cut}");
        }
    }

    [Fact]
    public void Forward_LeavesOnlyItsResultBehind()
    {
        using var network = Thin.Network();
        using var images = Thin.TinyImages();
        using var noGrad = no_grad();
        network.call(images).Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 5; i++) network.call(images).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void BadShape_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResNet(Thin.Shape(), 0));
        Assert.Throws<ArgumentException>(() => new ResNet(new(BlockKind.Basic, [1, 1]), 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResNet(new(BlockKind.Basic, [1, 0, 1, 1]), 2));
        using var network = Thin.Network();
        using var images = Thin.TinyImages();
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Run(images, Stage.Layer2, Stage.Stem));
    }
}
