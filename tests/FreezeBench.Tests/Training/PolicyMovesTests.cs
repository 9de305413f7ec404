using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Optimizing;
using FreezeBench.Tests.Freezing;
using FreezeBench.Tests.Networks;
using FreezeBench.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Training;

/// <summary>Four steps of the one training step there is move what a policy says of a network of every kind, and nothing else by a bit.</summary>
public class PolicyMovesTests
{
    private static readonly FreezingPolicy[] policies = [.. FreezingPolicy.All, FreezingPolicy.LowRank(2), FreezingPolicy.Only("stem"), FreezingPolicy.From("stem")];

    // Of the network whose steps are long: what names another stage is the same with stages of its own, which TorchVisionGoldenTests looks at.
    private static readonly string[] ofEachKind = ["fine-tune", "frozen", "frozen-train-bn", "frozen-cached", "bias-only", "norm-only", "lora:2", "from-layer3", "only-layer2", "only-stem"];

    public static TheoryData<string, string, string> Cases =>
    [
        .. from network in ThinNetworks.All
           from policy in policies
           where policy.Suits(network.StageNames) && (network.Name != "mobilenet_v3_small" || ofEachKind.Contains(policy.Name))
           // Plain kernels are the same layers but for a ResNet's.
           from kernels in network.Name == "thin" ? KernelSet.All : [KernelSet.Fast]
           select (network.Name, policy.Name, kernels.Name),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void FourSteps_MoveWhatThePolicyNames_AndNothingElse(string network, string policy, string kernels)
    {
        using var data = TinyTraining.TinyImages(8);
        using var trainer = New(network, policy, data, kernels);
        if (trainer.NeedsFeatures)
            trainer.ExtractFeatures();
        using var state = new FrozenAssert(trainer.Network);
        var adapters = Adapters(trainer);
        trainer.Step(4);
        trainer.Evaluate(data);

        Assert.Equal(state.Moving, state.Changed());
        Assert.Equal(policy.StartsWith("lora:", StringComparison.Ordinal), adapters.Count > 0);
        Assert.All(Adapters(trainer).Zip(adapters), pair => Assert.False(pair.First.SequenceEqual(pair.Second)));
        Assert.All(trainer.Network.FrozenParameters, parameter => Assert.True(parameter.grad is null && !parameter.requires_grad));
    }

    [Theory]
    [InlineData("fine-tune", true)]
    [InlineData("frozen", false)]
    [InlineData("frozen-train-bn", true)]
    [InlineData("lora:2", false)]
    [InlineData("norm-only", false)]
    public void StatisticsOfANormWithoutParameters_GoWithTheWeightsOfItsStage(string policy, bool moves)
    {
        using var data = TinyTraining.TinyImages(8);
        using var trainer = New("own", policy, data, "fast");
        using var state = new FrozenAssert(trainer.Network);
        trainer.Step(2);
        Assert.Equal(moves, state.Changed().Contains("bare.running_mean"));
    }

    // Bytes of each.
    private static List<byte[]> Adapters(Trainer trainer)
    {
        using var scope = NewDisposeScope();
        return [.. trainer.Network.AdapterParameters.Select(item => item.Value.detach().contiguous().bytes.ToArray())];
    }

    private static Trainer New(string network, string policy, FreezeBench.Images.Sets.ImageDataSet data, string kernels) => new(
        ThinNetworks.Of(network), FreezingPolicy.Parse(policy), data, TinyTraining.ResolutionPx,
        MemoryFormat.DefaultFor(DeviceType.CPU, KernelSet.Parse(kernels)), new TrainingOptions { BatchSize = 4, Kernels = KernelSet.Parse(kernels) });
}
