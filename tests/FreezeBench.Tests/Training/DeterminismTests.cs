using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Measurement;
using FreezeBench.Torch.Hardware;
using FreezeBench.Training;
using TorchSharp;
using Xunit;
using static FreezeBench.Tests.Training.TinyTraining;

namespace FreezeBench.Tests.Training;

/// <summary>Same seed, same machine, same bits: compared without a tolerance, since nothing may depend on history.</summary>
public class DeterminismTests
{
    // Two epochs of three, and the first of another.
    private const int Steps = 7;

    public static TheoryData<string> EveryPolicy => Policies;

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void SameSeed_GivesTheSameBits_AfterTwoEpochs(string policy)
    {
        using var data = TinyImages();
        Assert.Equal(BitsAfterTwoEpochs(data, policy, seed: 1), BitsAfterTwoEpochs(data, policy, seed: 1));
    }

    [Theory]
    [InlineData("fine-tune")]
    [InlineData("frozen")]
    public void AnotherTrainerInBetween_ChangesNoBit(string policy)
    {
        using var data = TinyImages();
        var expected = BitsAfterTwoEpochs(data, policy, seed: 1);

        using var trainer = Ready(data, FreezingPolicy.Parse(policy));
        trainer.Step(3);
        using (var other = Ready(data, FreezingPolicy.FineTune, seed: 5))
        {
            // Interleaved, not only in between: neither may take a number from a generator that the other uses.
            for (var step = 3; step < Steps; step++)
            {
                other.Step(2);
                var number = step % trainer.StepsPerEpoch;
                if (number == 0)
                    trainer.Shuffle(step / trainer.StepsPerEpoch);
                trainer.Step(number, NoObserver.Instance);
            }
        }
        Assert.Equal(expected, trainer.Bits());
    }

    [Theory]
    [InlineData("fine-tune")]
    [InlineData("frozen")]
    public void AnotherSeed_GivesOtherBits(string policy)
    {
        using var data = TinyImages();
        Assert.NotEqual(BitsAfterTwoEpochs(data, policy, seed: 1)["conv1.weight"], BitsAfterTwoEpochs(data, policy, seed: 2)["conv1.weight"]);
    }

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void EpochsAndSteps_AreTheSameTraining(string policy)
    {
        using var data = TinyImages();
        using var byEpoch = Ready(data, FreezingPolicy.Parse(policy));
        byEpoch.TrainEpoch(0);
        byEpoch.TrainEpoch(1);
        using var byStep = Ready(data, FreezingPolicy.Parse(policy));
        byStep.Step(2 * byStep.StepsPerEpoch);

        Assert.Equal(byStep.Bits(), byEpoch.Bits());
    }

    [Theory]
    [MemberData(nameof(EveryPolicy))]
    public void Observers_DoNotChangeTheTraining(string policy)
    {
        using var data = TinyImages();
        using var observed = Ready(data, FreezingPolicy.Parse(policy));
        using var undisturbed = Ready(data, FreezingPolicy.Parse(policy));
        var recorder = new PhaseRecorder(new DeviceClock(torch.CPU));
        for (var step = 0; step < observed.StepsPerEpoch; step++)
        {
            observed.Step(step, recorder);
            undisturbed.Step(step, NoObserver.Instance);
        }
        Assert.Equal(undisturbed.Bits(), observed.Bits());
    }

    private static SortedDictionary<string, string> BitsAfterTwoEpochs(ImageDataSet data, string policy, int seed)
    {
        using var trainer = Ready(data, FreezingPolicy.Parse(policy), seed: seed);
        trainer.Step(Steps);
        return trainer.Bits();
    }
}
