using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Networks.Residual;
using FreezeBench.Tests.Networks;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Freezing;

/// <summary>No layer of a training step changes the layout: every change would be a copy of the activations.</summary>
public sealed class MemoryFormatTests
{
    // 2x2 at the end: at 1x1 the two formats are the same, and nothing would be tested.
    private const int SizePx = 64;

    private static readonly MemoryFormat format = MemoryFormat.ChannelsLast;

    private static readonly bool[] foldings = [false, true];

    public static TheoryData<string, BlockKind, bool> Cases =>
        [.. from policy in FreezingPolicy.All
            from block in Enum.GetValues<BlockKind>()
            from folds in foldings
            select (policy.Name, block, folds)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void TrainingStep_ConvertsNoActivation_AndGradientsLieAsTheirWeightsDo(string policy, BlockKind block, bool folds)
    {
        using var scope = NewDisposeScope();
        using var resNet = Thin.Network(block);
        format.ApplyTo(resNet);
        using var network = new PolicyNetwork(resNet, FreezingPolicy.Parse(policy));
        if (folds)
            network.FoldFrozenPart();
        var watch = new LayoutWatch(resNet);
        nn.functional.cross_entropy(network.Forward(format.ApplyTo(Thin.TinyImages(size: SizePx))), Thin.Labels()).backward();

        Assert.Empty(watch.Converted);
        // The layers before the first trained stage run on their copy where there is one; that copy's layout is tested with it.
        Assert.Equal(LayersRun(network, folds && network.Copy is not null), watch.Seen);
        foreach (var (name, weight) in resNet.named_parameters().Where(named => named.parameter.dim() == 4 && named.parameter.requires_grad))
            Assert.True(weight.stride().SequenceEqual(weight.grad!.stride()), $"{name}: strides {string.Join(", ", weight.grad!.stride())}");
    }

    [Fact]
    public void Watch_SeesAConversion()
    {
        using var scope = NewDisposeScope();
        using var resNet = Thin.Network();
        var watch = new LayoutWatch(resNet);
        MemoryFormat.Contiguous.ApplyTo(resNet);
        resNet.call(MemoryFormat.Contiguous.ApplyTo(Thin.TinyImages(size: SizePx)));
        Assert.Equal(watch.Seen, watch.Converted.Count);
    }

    private static int LayersRun(PolicyNetwork network, bool folded)
    {
        var first = folded ? network.Policy.FirstStage() : Stage.Stem;
        return Enum.GetValues<Stage>().Where(stage => stage >= first && stage < Stage.Head)
            .SelectMany(((ResNet)network.Network).Modules).Sum(module => LayoutWatch.Watched(module).Count());
    }

    /// <summary>Listens to convolutions, BatchNorm layers and whole blocks, whose output is that of their last ReLU.</summary>
    private sealed class LayoutWatch
    {
        internal LayoutWatch(ResNet network)
        {
            foreach (var module in Enum.GetValues<Stage>().Where(stage => stage < Stage.Head).SelectMany(network.Modules).SelectMany(Watched))
                module.register_forward_hook((layer, _, output) =>
                {
                    Seen++;
                    if (!output.stride().SequenceEqual(format.Strides(output.shape)))
                        Converted.Add(layer.GetName());
                    return output;
                });
        }

        internal int Seen { get; private set; }

        internal List<string> Converted { get; } = [];

        internal static IEnumerable<nn.Module<Tensor, Tensor>> Watched(nn.Module module) =>
            module.modules().Prepend(module).Distinct().OfType<nn.Module<Tensor, Tensor>>();
    }
}
