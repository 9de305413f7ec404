using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Networks;
using FreezeBench.Networks.TorchVision;
using FreezeBench.Tests.Freezing;
using FreezeBench.Torch.Arithmetic;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks.TorchVision;

/// <summary>Networks of layers in a row, as VGG is, run their frozen part on a folded copy.</summary>
public sealed class FoldedTorchVisionTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Copy_ComputesWhatTheStagesDo_UpToEach(int last)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var format in MemoryFormat.All)
        {
            using var network = Thin(format);
            network.Module.eval();
            using var copy = ((IFoldable)network).Fold(last, ScalarType.Float32)!;
            var images = Networks.Thin.TinyImages();
            for (var end = 0; end <= last; end++)
                ParityAssert.Folded(network.Stages.Take(end + 1).Aggregate(images, (input, stage) => stage.Run(input)), copy.Run(images, end));
            Assert.True(copy.IsCurrent);
            network.Module.state_dict()["features.1.running_mean"].add_(1);
            Assert.False(copy.IsCurrent);
        }
    }

    [Theory]
    [InlineData("frozen")]
    [InlineData("frozen-cached")]
    [InlineData("from-layer1")]
    [InlineData("from-layer2")]
    public void FrozenPart_RunsOnTheCopy_AndKeepsItsBits_AndTheRestMoves(string policy)
    {
        using var scope = NewDisposeScope();
        using var plain = new PolicyNetwork(Thin(MemoryFormat.ChannelsLast), FreezingPolicy.Parse(policy));
        using var folding = new PolicyNetwork(Thin(MemoryFormat.ChannelsLast), FreezingPolicy.Parse(policy));
        folding.FoldFrozenPart();
        using var state = new FrozenAssert(folding);
        var images = Networks.Thin.TinyImages();
        using var optimizer = ThinTraining.Sgd(folding.TrainableParameters);
        for (var step = 0; step < 3; step++)
        {
            var logits = folding.Forward(images);
            if (step == 0)
                ParityAssert.Folded(plain.Forward(images), logits);
            folding.ZeroGrad();
            nn.functional.cross_entropy(logits, Networks.Thin.Labels()).backward();
            optimizer.step();
        }
        Assert.NotNull(folding.Copy);
        state.Unchanged();
        Assert.Equal(state.Moving, state.Changed());
    }

    [Fact]
    public void Bf16_IsComputedInByTheCopyToo()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (images, policy) = (Networks.Thin.TinyImages(), FreezingPolicy.Frozen);
        using var exact = new PolicyNetwork(Thin(MemoryFormat.ChannelsLast), policy);
        using var folding = new PolicyNetwork(Thin(MemoryFormat.ChannelsLast), policy, Precision.Bf16);
        folding.FoldFrozenPart();
        var (expected, logits) = (exact.Forward(images), folding.Forward(images));
        Assert.NotNull(folding.Copy);
        Assert.Equal(ScalarType.Float32, logits.dtype);
        // Eight bits of a number are kept, through five layers.
        Assert.InRange(((logits - expected).abs().max() / expected.abs().max()).item<float>(), 1e-5, 0.05);
    }

    [Fact]
    public void PlainKernels_AndNetworksOfBlocks_RunAsTheyAre()
    {
        using var plain = new TorchVisionNetwork(new ThinVgg(Networks.Thin.Classes), KernelSet.Plain);
        Assert.Null(plain.Fold(1, ScalarType.Float32));
        using var blocks = TorchVisionModel.MobileNetV3Small.Build(Networks.Thin.Classes, 32);
        Assert.Null(blocks.Fold(1, ScalarType.Float32));
    }

    private static TorchVisionNetwork Thin(MemoryFormat format)
    {
        var network = (TorchVisionNetwork)ThinVgg.Of("thin_vgg").Build(Networks.Thin.Classes, 32);
        format.ApplyTo(network.Module);
        return network;
    }
}
