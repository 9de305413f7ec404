using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Networks.Residual;
using FreezeBench.Tests.Networks;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Freezing;

public sealed class DeterminismTests
{
    [Theory]
    [InlineData("fine-tune")]
    [InlineData("frozen-train-bn")]
    [InlineData("from-layer3")]
    public void SameSeed_OnTheCpu_GivesTheSameBitsAfterSixSteps(string policy)
    {
        var (first, again, other) = (Train(policy, 1), Train(policy, 1), Train(policy, 2));
        Assert.True(first.AsSpan().SequenceEqual(again), "The same seed gave other weights.");
        Assert.False(first.AsSpan().SequenceEqual(other), "Another seed gave the same weights.");
    }

    private static byte[] Train(string policy, int seed)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(seed);
        using var resNet = new ResNet(Thin.Shape(BlockKind.Bottleneck), Thin.Classes);
        MemoryFormat.ChannelsLast.ApplyTo(resNet);
        var network = new PolicyNetwork(resNet, FreezingPolicy.Parse(policy));
        using var optimizer = ThinTraining.Sgd(network.TrainableParameters);
        for (var step = 0; step < 6; step++)
        {
            using var stepScope = NewDisposeScope();
            network.ZeroGrad();
            nn.functional.cross_entropy(network.Forward(randn(8, 3, 32, 32)), Thin.Labels(8)).backward();
            optimizer.step();
        }
        return [.. resNet.state_dict().OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .SelectMany(entry => entry.Value.contiguous().bytes.ToArray())];
    }
}
