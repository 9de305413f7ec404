using FreezeBench.Freezing;
using FreezeBench.Measurement;
using FreezeBench.Torch.Hardware;
using FreezeBench.Training;
using TorchSharp;
using Xunit;
using static FreezeBench.Tests.Training.TinyTraining;

namespace FreezeBench.Tests.Training;

/// <summary>No tensor outlives what it was made for: counted exactly, so that a leak of one tensor a step is seen.</summary>
public class TensorLifeTests
{
    public static TheoryData<string> EveryPolicy => Policies;

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void Step_LeavesNoTensorBehind(string policy)
    {
        using var data = TinyImages();
        using var trainer = Ready(data, FreezingPolicy.Parse(policy));
        trainer.Step(3); // the optimizer's momentum buffers are made in the first steps and stay
        var before = LiveTensors;
        trainer.Step(9);
        Assert.Equal(before, LiveTensors);
    }

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void ObservedStep_LeavesNoTensorBehind(string policy)
    {
        using var data = TinyImages();
        using var trainer = Ready(data, FreezingPolicy.Parse(policy));
        var recorder = new PhaseRecorder(new DeviceClock(torch.CPU));
        trainer.Step(3);
        var before = LiveTensors;
        for (var step = 0; step < 4; step++)
            trainer.Step(0, recorder);
        Assert.Equal(before, LiveTensors);
    }

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void EpochAndEvaluation_LeaveNoTensorBehind(string policy)
    {
        using var data = TinyImages();
        using var test = TinyImages(seed: 2);
        using var trainer = Ready(data, FreezingPolicy.Parse(policy));
        // The first evaluation keeps the test set's features where the policy caches them.
        trainer.TrainEpoch(0);
        trainer.Evaluate(test);
        var before = LiveTensors;
        for (var epoch = 1; epoch < 3; epoch++)
        {
            trainer.TrainEpoch(epoch);
            trainer.Evaluate(test);
        }
        Assert.Equal(before, LiveTensors);
    }

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void Disposal_LeavesNothingOfTheTrainer(string policy)
    {
        using var data = TinyImages();
        using var test = TinyImages(seed: 2);
        var before = LiveTensors;
        using (var trainer = Ready(data, FreezingPolicy.Parse(policy)))
        {
            trainer.TrainEpoch(0);
            trainer.Evaluate(test);
            var (images, labels) = trainer.LoadImages();
            images.Dispose();
            labels.Dispose();
        }
        Assert.Equal(before, LiveTensors);
    }

    [Fact]
    public void FeaturesExtractedAgain_ReplaceTheOldOnes()
    {
        using var data = TinyImages();
        using var trainer = Ready(data, FreezingPolicy.FrozenCached);
        trainer.Step(3);
        var before = LiveTensors;
        trainer.ExtractFeatures();
        trainer.Step(3);
        Assert.Equal(before, LiveTensors);
    }

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void TrainerMadeInAScope_OutlivesIt(string policy)
    {
        using var data = TinyImages();
        Trainer trainer;
        using (torch.NewDisposeScope())
        {
            trainer = Ready(data, FreezingPolicy.Parse(policy));
            trainer.TrainEpoch(0);
        }
        using (trainer)
            trainer.TrainEpoch(1);
    }
}
