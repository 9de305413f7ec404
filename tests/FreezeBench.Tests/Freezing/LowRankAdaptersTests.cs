using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Networks.Residual;
using FreezeBench.Results;
using FreezeBench.Tests.Networks;
using FreezeBench.Tests.Training;
using FreezeBench.Training;
using FreezeBench.Weights.Loading;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Freezing;

public sealed class LowRankAdaptersTests
{
    // Float32 sums of some hundred terms in another order.
    private const double Rounding = 1e-5;

    public static TheoryData<string, string> NetworksAndFormats =>
        [.. from network in ThinNetworks.All from format in MemoryFormat.All select (network.Name, format.Name)];

    [Theory]
    [MemberData(nameof(NetworksAndFormats))]
    public void BeforeTraining_TheOutputsAreTheNetworksOwn_AndAfterMerging_ThoseOfTheAdapted(string name, string format)
    {
        using var scope = NewDisposeScope();
        using var built = ThinNetworks.Of(name).Build(Thin.Classes, 32);
        MemoryFormat.Parse(format).ApplyTo(built.Module);
        var images = MemoryFormat.Parse(format).ApplyTo(Thin.TinyImages());
        built.Module.eval();
        var own = built.Module.call(images).detach();
        using var network = new PolicyNetwork(built, FreezingPolicy.LowRank(4));
        network.Eval();
        Assert.True(network.Forward(images).bytes.SequenceEqual(own.bytes));

        Shake(network);
        var adapted = network.Forward(images).detach();
        Assert.True(Distance(own, adapted) > 0.01, "The adapters change nothing: nothing is tested.");
        network.MergeAdapters();
        Assert.InRange(Distance(adapted, network.Forward(images).detach()), 0, Rounding);
        network.Dispose();
        Assert.InRange(Distance(adapted, built.Module.call(images).detach()), 0, Rounding);
    }

    [Fact]
    public void Disposal_TakesTheAdaptersOff_AndLeavesNothing()
    {
        using var scope = NewDisposeScope();
        using var built = Thin.Network();
        built.eval();
        using var images = Thin.TinyImages();
        using var own = built.call(images).detach();
        var before = TinyTraining.LiveTensors;
        using (var network = new PolicyNetwork(built, FreezingPolicy.LowRank(2)))
        {
            Shake(network);
            network.Eval();
            using var outputs = network.Forward(images);
            Assert.False(outputs.bytes.SequenceEqual(own.bytes));
        }
        Assert.Equal(before, TinyTraining.LiveTensors);
        Assert.True(built.call(images).bytes.SequenceEqual(own.bytes));
    }

    [Fact]
    public void EveryConvolutionAndLinearLayerBeforeTheHead_HasOne_ButForConvolutionsInGroups()
    {
        using var built = ThinNetworks.Of("own").Build(Thin.Classes, 32);
        using var network = new PolicyNetwork(built, FreezingPolicy.LowRank(2));
        Assert.Equal(
            "strided pointwise dilated fc".Split(' ').SelectMany(layer => new[] { $"{layer}.lora_A", $"{layer}.lora_B" }), network.AdapterParameters.Select(item => item.Key));
        long[][] shapes = [[2, 3, 3, 3], [8, 2, 1, 1], [2, 8, 1, 1], [16, 2, 1, 1], [2, 16, 3, 3], [16, 2, 1, 1], [2, 16], [12, 2]];
        Assert.Equal(shapes, network.AdapterParameters.Select(item => item.Value.shape));
        Assert.Equal(network.AdapterParameters.Select(item => item.Value), network.BackboneParameters);
        Assert.All(network.AdapterParameters.Where(item => item.Key.EndsWith("_B", StringComparison.Ordinal)), item => Assert.True(item.Value.eq(0).all().item<bool>()));
    }

    [Fact]
    public void Vit_HasOneAtEveryLinearLayer_AndAtThePatches()
    {
        using var built = ThinNetworks.Of("thin_vit").Build(Thin.Classes, 32);
        using var network = new PolicyNetwork(built, FreezingPolicy.LowRank(1));
        string[] layers = ["patch_embed.proj", .. Enumerable.Range(0, 4).SelectMany(block => "attn.qkv attn.proj mlp.fc1 mlp.fc2".Split(' ').Select(layer => $"blocks.{block}.{layer}"))];
        Assert.Equal(layers.Order(StringComparer.Ordinal), network.AdapterParameters.Select(item => item.Key[..^".lora_A".Length]).Distinct().Order(StringComparer.Ordinal));
    }

    // Issue 960 of the peft library reports 585,028 trainable of 11,766,340 for ResNet-18 with 10 classes and rank 16. It counts the head
    // twice, 2 x 5,130, since it keeps the untrained one too, and its model has 4,800 biases of convolutions, which torchvision's has not.
    [Fact]
    public void ParametersOfResNet18_AreThoseOfPeft()
    {
        using var built = new ResNet(ResNetShape.ResNet18, 10);
        using var network = new PolicyNetwork(built, FreezingPolicy.LowRank(16));
        Assert.Equal(574_768, network.AdapterParameters.Sum(item => item.Value.numel()));
        Assert.Equal(5_130, network.HeadParameters.Sum(parameter => parameter.numel()));
        Assert.Equal((579_898, 11_756_410, 4 * 579_898), (network.Counts.Trainable, network.Counts.Total, network.Counts.TrainedBytes));
    }

    [Fact]
    public void NetworkWithoutALayerForThem_IsRefused()
    {
        var module = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(3 * 32 * 32), nn.Linear(3 * 32 * 32, Thin.Classes));
        using var built = new FreezeBench.Networks.General.GeneralNetwork(module, "2", Thin.Classes, 32);
        Assert.Equal(
            "Policy 'lora:4' finds nothing to train before the head of this network. Choose another policy.",
            Assert.Throws<UserErrorException>(() => new PolicyNetwork(built, FreezingPolicy.LowRank(4))).Message);
    }

    [Fact]
    public void PaddingThatIsNotZeros_IsNotImitated()
    {
        var module = nn.Sequential(nn.Conv2d(3, 8, 3, padding: 1, padding_mode: PaddingModes.Reflect), nn.Conv2d(8, 8, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, Thin.Classes));
        using var built = new FreezeBench.Networks.General.GeneralNetwork(module, "4", Thin.Classes, 32);
        using var network = new PolicyNetwork(built, FreezingPolicy.LowRank(4));
        Assert.Equal(["1.lora_A", "1.lora_B"], network.AdapterParameters.Select(item => item.Key));
    }

    [Fact]
    public void Sha256OfARun_IsOfTheAdaptersToo()
    {
        using var scope = NewDisposeScope();
        using var built = Thin.Network();
        using var network = new PolicyNetwork(built, FreezingPolicy.LowRank(2));
        string Hash() => StateDictHash.Sha256(built, network.AdapterParameters.Select(item => KeyValuePair.Create<string, Tensor>(item.Key, item.Value)));
        var before = Hash();
        using (no_grad())
            network.AdapterParameters[^1].Value.add_(1);
        Assert.NotEqual(before, Hash());
    }

    /// <summary>The drawn A belongs to the seed, and what the run has learned to its checkpoint, also at the end of the run.</summary>
    [Theory]
    [InlineData("thin", 1)]
    [InlineData("thin", 2)]
    [InlineData("thin", 3)]
    [InlineData("thin_vit", 1)]
    public void RunThatIsStoppedAndRestored_ComesToTheSameBits(string network, int after)
    {
        using var training = TinyTraining.TinyImages();
        using var test = TinyTraining.TinyImages(seed: 2);
        using var folder = new Temporary();
        var options = TinyRun.Options(training, test, Strategy.Parse("lora:4"), epochs: 3) with { Network = ThinNetworks.Of(network) };
        using var whole = new TrainingRun(options);
        using var first = new TrainingRun(options);
        Assert.Equal(whole.WeightsSha256(), first.WeightsSha256());
        for (var epoch = 0; epoch < after; epoch++)
            first.NextEpoch();
        first.Save(folder.PathOf("a.checkpoint"));
        manual_seed(99);
        using var second = new TrainingRun(options);
        manual_seed(98);
        second.Restore(folder.PathOf("a.checkpoint"));
        Assert.Equal(first.WeightsSha256(), second.WeightsSha256());
        Assert.Equal(whole.Finish().Skip(after).Select(TinyRun.Timeless), second.Finish().Select(TinyRun.Timeless));
        Assert.Equal(whole.WeightsSha256(), second.WeightsSha256());
    }

    [Fact]
    public void CheckpointOfAnotherRank_IsRefused()
    {
        using var data = TinyTraining.TinyImages();
        using var folder = new Temporary();
        var options = TinyRun.Options(data, data, Strategy.Parse("lora:4"));
        using (var run = new TrainingRun(options))
            run.Save(folder.PathOf("a.checkpoint"));
        using var other = new TrainingRun(options with { Strategy = Strategy.Parse("lora:2") });
        Assert.Contains("its strategy is 'lora:4', and this run's is 'lora:2'", Assert.Throws<UserErrorException>(() => other.Restore(folder.PathOf("a.checkpoint"))).Message, StringComparison.Ordinal);
    }

    // As training would: B is no longer zero.
    private static void Shake(PolicyNetwork network)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in network.AdapterParameters)
            parameter.add_(tensor(FormulaWeights.Uniform(name, parameter.numel(), -0.2, 0.2), parameter.shape));
    }

    private static double Distance(Tensor expected, Tensor actual) => ((expected - actual).abs().max() / expected.abs().max()).item<float>();
}
