using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Optimizing;
using FreezeBench.Training;
using Xunit;
using static FreezeBench.Tests.Training.TinyTraining;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Training;

/// <summary>A trainer runs its frozen part on the folded copy, in training, extraction and evaluation.</summary>
public sealed class FoldedTrainingTests : IDisposable
{
    private readonly FreezeBench.Images.Sets.ImageDataSet training = TinyImages();
    private readonly FreezeBench.Images.Sets.ImageDataSet test = TinyImages(seed: 2);

    public static TheoryData<string> EveryPolicy => Policies;

    public void Dispose()
    {
        training.Dispose();
        test.Dispose();
    }

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void Copy_IsMadeByTheFirstPass_AndServesTheWholeRun(string policy)
    {
        using var trainer = New(training, FreezingPolicy.Parse(policy));
        Assert.Null(trainer.Network.Copy);
        if (trainer.NeedsFeatures)
            trainer.ExtractFeatures();
        trainer.TrainEpoch(0);
        var copy = trainer.Network.Copy;
        // Where something is frozen before the first stage that trains, and BatchNorm does not go by the batch.
        Assert.Equal(policy is "frozen" or "frozen-cached" or "from-layer3" or "only-layer2", copy is not null);
        trainer.Evaluate(test);
        trainer.TrainEpoch(1);
        trainer.Evaluate(test);
        Assert.Same(copy, trainer.Network.Copy);
    }

    [Theory]
    [InlineData("frozen")]
    [InlineData("from-layer3")]
    public void WeightsLoadedBetweenTwoEpochs_AreTrainedOnAsIfTheyHadBeenThereFromTheStart(string policy)
    {
        using var scope = NewDisposeScope();
        using var other = InitialNetwork.Create(Tiny, 3, ResolutionPx, KernelSet.Fast, CPU, MemoryFormat.ChannelsLast, seed: 7, weights: null);
        using var fromTheStart = new Trainer(
            other, FreezingPolicy.Parse(policy), training, ResolutionPx, MemoryFormat.ChannelsLast, new TrainingOptions { BatchSize = 4, LearningRateHead = 0.01, LearningRateBackbone = 0.01 });
        using var later = New(training, FreezingPolicy.Parse(policy));
        later.Evaluate(test);   // the copy of the weights before
        later.Network.Network.Module.load_state_dict(other.Module.state_dict());
        Assert.Equal(fromTheStart.TrainEpoch(0).Training, later.TrainEpoch(0).Training);
        Assert.Equal(fromTheStart.Evaluate(test), later.Evaluate(test));
        Assert.Equal(fromTheStart.Bits(), later.Bits());
    }

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void Gradients_AreNullWhenTheForwardPassBegins_AndOnlyTrainedParametersGetOne(string policy)
    {
        using var trainer = Ready(training, FreezingPolicy.Parse(policy));
        trainer.Step(1);
        var network = trainer.Network;
        Assert.All(network.TrainableParameters, parameter => Assert.NotNull(parameter.grad));
        var observer = new GradientCount(network);
        trainer.Step(0, observer);
        Assert.Equal(0, observer.AtForward);
        Assert.All(network.FrozenParameters, parameter => Assert.Null(parameter.grad));
    }

    private sealed class GradientCount(PolicyNetwork network) : IPhaseObserver
    {
        public int AtForward { get; private set; } = -1;

        public void StepBegins()
        {
        }

        public void PhaseEnds(StepPhase phase)
        {
            if (phase == StepPhase.ZeroGrad)
                AtForward = network.Network.Module.parameters().Count(parameter => parameter.grad is not null);
        }
    }
}
