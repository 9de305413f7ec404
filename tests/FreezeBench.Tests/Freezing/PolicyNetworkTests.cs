using FreezeBench.Freezing;
using FreezeBench.Networks.Residual;
using FreezeBench.Tests.Networks;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Freezing;

public sealed class PolicyNetworkTests
{
    public static TheoryData<string> Policies => [.. FreezingPolicy.All.Select(policy => policy.Name)];

    public static TheoryData<string> FreezingPolicies => [.. FreezingPolicy.All
        .Where(policy => policy.FirstStage() > Stage.Stem && !policy.FrozenStatisticsDrift).Select(policy => policy.Name)];

    [Theory]
    [MemberData(nameof(FreezingPolicies))]
    public void FrozenPart_KeepsItsBits_AcrossTrainingSteps_AndEvaluation(string policy)
    {
        using var training = new ThinTraining(policy);
        using var state = new FrozenAssert(training.Network);
        training.Steps(3);
        training.Network.Eval();
        training.Network.Forward(training.Images).Dispose();
        training.Network.Train();   // must not bring back train mode for the frozen part
        training.Steps(3);
        state.Unchanged();
        Assert.Equal(0f, training.Drift());
        Assert.Contains("fc.weight", state.Changed());
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void TrainedStages_AllMove(string policy)
    {
        using var training = new ThinTraining(policy);
        using var state = new FrozenAssert(training.Network);
        training.Steps(2);
        Assert.Equal(state.Moving, state.Changed());
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Gradients_AreNullForTheFrozenPart_AndPresentForTheRest(string policy)
    {
        using var training = new ThinTraining(policy);
        training.Backward();
        Assert.All(training.Network.FrozenParameters, parameter => Assert.Null(parameter.grad));
        Assert.All(training.Network.FrozenParameters, parameter => Assert.False(parameter.requires_grad));
        Assert.All(training.Network.TrainableParameters, parameter => Assert.NotNull(parameter.grad));
        training.Network.ZeroGrad();
        Assert.All(training.Network.TrainableParameters, parameter => Assert.Null(parameter.grad));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void ParameterGroups_CoverTheNetworkOnce(string policy)
    {
        using var training = new ThinTraining(policy);
        var network = training.Network;
        // Adapters are no part of the network itself.
        var trained = network.TrainableParameters.Except(network.AdapterParameters.Select(item => item.Value)).ToList();
        Assert.Equal(network.Network.Module.parameters().Count(), network.FrozenParameters.Count + trained.Count);
        Assert.Empty(network.FrozenParameters.Intersect(network.TrainableParameters));
        Assert.Equal(network.TrainableParameters, network.BackboneParameters.Concat(network.HeadParameters));
        Assert.Equal(2, network.HeadParameters.Count);
        Assert.Equal(network.Policy.BackboneFrozen, network.BackboneParameters.Count == 0);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Features_HaveAGraphOnlyWhereThePartBeforeThemTrains(string policy)
    {
        using var scope = NewDisposeScope();
        using var training = new ThinTraining(policy);
        var features = training.Network.ForwardFeatures(training.Images);
        // A tensor that requires no gradient and is a leaf has no grad_fn.
        Assert.Equal(!training.Network.Policy.BackboneFrozen, features.requires_grad);
        Assert.Equal(training.Network.Policy.BackboneFrozen, features.is_leaf);
        Assert.True(training.Network.ForwardHead(features).requires_grad);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Forward_IsTheNetworksOwnForward(string policy)
    {
        using var scope = NewDisposeScope();
        using var training = new ThinTraining(policy);
        training.Network.Eval();
        var expected = training.Network.Network.Module.call(training.Images);
        var network = training.Network;
        Assert.True(network.Forward(training.Images).bytes.SequenceEqual(expected.bytes));
        Assert.True(network.ForwardHead(network.ForwardFeatures(training.Images)).bytes.SequenceEqual(expected.bytes));
    }

    [Fact]
    public void CachedFeatures_TrainTheHeadToTheSameBitsAsTheFrozenNetwork()
    {
        using var scope = NewDisposeScope();
        using var frozen = new ThinTraining("frozen");
        using var cached = new ThinTraining("frozen-cached");
        frozen.Steps(5);
        var features = cached.Network.ForwardFeatures(cached.Images);
        cached.HeadSteps(5, features);
        Assert.True(cached.Network.HeadParameters[0].bytes.SequenceEqual(frozen.Network.HeadParameters[0].bytes));
    }

    [Fact]
    public void FrozenTrainBatchNorm_ChangesOnlyRunningStatisticsAndTheHead()
    {
        using var training = new ThinTraining("frozen-train-bn");
        using var state = new FrozenAssert(training.Network);
        training.Steps(5);
        string[] statistics = ["running_mean", "running_var", "num_batches_tracked"];
        var expected = training.Network.Network.Module.state_dict().Keys
            .Where(name => name.StartsWith("fc.", StringComparison.Ordinal) || statistics.Contains(name.Split('.')[^1]));
        Assert.Equal(expected.Order(StringComparer.Ordinal), state.Changed().Order(StringComparer.Ordinal));
        Assert.True(training.Drift() > 0, "The running means must have drifted.");
    }

    [Fact]
    public void NewPolicy_ReplacesTheOldOne()
    {
        using var training = new ThinTraining("frozen");
        var network = new PolicyNetwork(training.Network.Network, FreezingPolicy.FineTune);
        Assert.All(network.Network.Module.parameters(), parameter => Assert.True(parameter.requires_grad));
        Assert.All(network.Network.Module.modules(), module => Assert.True(module.training));
    }
}
