using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Networks.Residual;
using FreezeBench.Tests.Networks;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Freezing;

/// <summary>A policy's promises hold on the folded copy, too.</summary>
public sealed class FoldedNetworkTests
{
    public static TheoryData<string> Folding => [.. FreezingPolicy.All.Where(Folds).Select(policy => policy.Name)];

    public static TheoryData<string> NotFolding => [.. FreezingPolicy.All.Where(policy => !Folds(policy)).Select(policy => policy.Name)];

    [Theory]
    [MemberData(nameof(Folding))]
    public void Logits_AreThoseOfTheNetwork_ButForTheRounding_AndTheSameBitsInBothModes(string policy)
    {
        using var scope = NewDisposeScope();
        // Two networks, so that both have seen the same batches: where later stages train, their statistics move.
        using var plain = new ThinTraining(policy);
        using var folding = new ThinTraining(policy);
        folding.Network.FoldFrozenPart();
        ParityAssert.Folded(InEvalMode(plain.Network, plain.Images), InEvalMode(folding.Network, folding.Images));
        ParityAssert.Folded(plain.Network.Forward(plain.Images), folding.Network.Forward(folding.Images));
        if (folding.Network.Policy.BackboneFrozen)
            Assert.True(folding.Network.Forward(folding.Images).bytes.SequenceEqual(InEvalMode(folding.Network, folding.Images).bytes));
    }

    [Fact]
    public void ImagesOfAnotherSize_GetACopyOfTheirOwn_AndTheSameLogits()
    {
        using var scope = NewDisposeScope();
        using var plain = new ThinTraining("frozen");
        using var folding = new ThinTraining("frozen");
        folding.Network.FoldFrozenPart();
        foreach (var size in new[] { 32, 64, 32 })
            ParityAssert.Folded(plain.Network.Forward(Thin.TinyImages(size: size)), folding.Network.Forward(Thin.TinyImages(size: size)));
        var copy = folding.Network.Copy;
        folding.Network.Forward(Thin.TinyImages(count: 2, size: 32));
        Assert.Same(copy, folding.Network.Copy);
    }

    [Theory]
    [MemberData(nameof(NotFolding))]
    public void WithoutAFrozenPartInEvalMode_NoBitChanges_AndNoCopyIsMade(string policy)
    {
        using var scope = NewDisposeScope();
        using var training = new ThinTraining(policy);
        var expected = training.Network.Forward(training.Images);
        training.Network.FoldFrozenPart();
        Assert.True(training.Network.Forward(training.Images).bytes.SequenceEqual(expected.bytes));
        Assert.Null(training.Network.Copy);
    }

    [Theory]
    [MemberData(nameof(Folding))]
    public void FrozenPart_KeepsItsBits_AndTheRestMoves_AcrossTrainingSteps_AndEvaluation(string policy)
    {
        using var training = new ThinTraining(policy);
        training.Network.FoldFrozenPart();
        using var state = new FrozenAssert(training.Network);
        training.Steps(3);
        training.Network.Eval();
        training.Network.Forward(training.Images).Dispose();
        training.Network.Train();
        training.Steps(3);
        state.Unchanged();
        Assert.Equal(0f, training.Drift());
        Assert.Equal(state.Moving, state.Changed());
        Assert.All(training.Network.FrozenParameters, parameter => Assert.Null(parameter.grad));
    }

    [Theory]
    [MemberData(nameof(Folding))]
    public void Copy_IsMadeOnce_HoweverManyStepsAndEvaluations(string policy)
    {
        using var training = new ThinTraining(policy);
        training.Network.FoldFrozenPart();
        Assert.Null(training.Network.Copy);
        training.Steps(1);
        var copy = training.Network.Copy;
        Assert.NotNull(copy);
        training.Network.Eval();
        training.Network.Forward(training.Images).Dispose();
        training.Network.Train();
        training.Steps(2);
        Assert.Same(copy, training.Network.Copy);
    }

    [Theory]
    [MemberData(nameof(Folding))]
    public void WeightsLoadedInMidRun_AreThoseOfTheNextForwardPass(string policy)
    {
        using var scope = NewDisposeScope();
        using var training = new ThinTraining(policy);
        training.Network.FoldFrozenPart();
        var before = InEvalMode(training.Network, training.Images);
        using var other = new ResNet(Thin.Shape(), Thin.Classes);
        training.Network.Network.Module.load_state_dict(other.state_dict());
        other.eval();
        var expected = other.call(training.Images);
        var after = InEvalMode(training.Network, training.Images);
        ParityAssert.Folded(expected, after);
        Assert.True((after - before).abs().max().item<float>() > 0.01f, "The other weights give the same logits: nothing was tested.");
    }

    [Fact]
    public void NetworkTunedInBetween_IsFoldedAsItIsThen()
    {
        using var scope = NewDisposeScope();
        using var probe = new ThinTraining("frozen");
        var resNet = (ResNet)probe.Network.Network;
        probe.Network.FoldFrozenPart();
        probe.Steps(1);
        var before = InEvalMode(probe.Network, probe.Images);
        var tuning = new PolicyNetwork(resNet, FreezingPolicy.FineTune);
        using (var optimizer = ThinTraining.Sgd(tuning.TrainableParameters))
            for (var step = 0; step < 3; step++)
            {
                tuning.ZeroGrad();
                nn.functional.cross_entropy(tuning.Forward(probe.Images), Thin.Labels()).backward();
                optimizer.step();
            }
        using var again = new PolicyNetwork(resNet, FreezingPolicy.Frozen);
        again.FoldFrozenPart();
        resNet.eval();
        var expected = resNet.call(probe.Images);
        ParityAssert.Folded(expected, InEvalMode(again, probe.Images));
        // Even the one of before, which should not be used any more.
        ParityAssert.Folded(expected, InEvalMode(probe.Network, probe.Images));
        Assert.True((expected - before).abs().max().item<float>() > 0.01f, "Tuning has changed nothing: nothing was tested.");
    }

    /// <summary>The tolerance is that of the network itself: see <see cref="TrajectoryParityTests"/>.</summary>
    /// <remarks>PolicyGoldenTests has it with both kinds of block and in both formats, of thin networks.</remarks>
    [Fact]
    public void FrozenSteps_AreThoseOfPyTorch()
    {
        var (backbone, format) = (NetworkCatalog.ResNet18.Name, MemoryFormat.ChannelsLast.Name);
        using var scope = NewDisposeScope();
        using var resNet = GoldenRun.Network(backbone, format);
        using var network = new PolicyNetwork(resNet, FreezingPolicy.Frozen);
        network.FoldFrozenPart();
        var golden = ResNetGolden.Of(NetworkCatalog.Parse(backbone)).Trajectories["frozen"];
        var (images, labels) = (GoldenRun.TinyImages(format), GoldenRun.Labels());
        ParityAssert.Losses(golden.Losses, TrajectoryParityTests.Train(network, images, labels, golden.Losses.Length));
        ParityAssert.Logits(golden.EvalLogits, InEvalMode(network, images), ParityAssert.Training);
    }

    private static bool Folds(FreezingPolicy policy) => policy.FirstStage() > Stage.Stem && !policy.FrozenStatisticsDrift;

    private static Tensor InEvalMode(PolicyNetwork network, Tensor images)
    {
        network.Eval();
        var logits = network.Forward(images);
        network.Train();
        return logits.detach();
    }
}
