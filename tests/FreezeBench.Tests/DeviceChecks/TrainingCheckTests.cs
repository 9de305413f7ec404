using FreezeBench.DeviceChecks;
using FreezeBench.Freezing;
using FreezeBench.Results.Verification;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.DeviceChecks;

public sealed class TrainingCheckTests
{
    [Fact]
    public void Float32OfTheCpu_Passes()
    {
        var found = new TrainingCheck(Precision.Fp32).Find(ThisCpu.Device);
        Assert.True(found.Outcome == CheckOutcome.Pass, found.Reason);
        Assert.All(found.Figures, figure => Assert.NotNull(figure.AtMost ?? figure.AtLeast));
    }

    [Fact]
    public void Tf32_IsNotApplicable_WithoutAGpu() => Assert.Equal("TF32 is arithmetic of NVIDIA GPUs", new TrainingCheck(Precision.Tf32).Find(ThisCpu.Device).Reason);

    [Fact]
    public void GradientThatIsWrongByAFewHundredths_Fails() =>
        Fails(FreezingPolicy.FromLayer3, network => network.HeadParameters[0].grad!.mul_(1.05), "from_layer3_movement_most_along is 1.0");

    [Fact]
    public void FrozenWeightThatMovesByABit_Fails() =>
        Fails(FreezingPolicy.Frozen, network => network.FrozenParameters[0][0, 0, 0, 0].mul_(1 + 1e-6), "frozen_frozen_changed is 1; at most 0 passes");

    [Fact]
    public void GradientThatIsNotANumber_Fails() =>
        Fails(FreezingPolicy.Frozen, network => network.HeadParameters[0].grad!.mul_(double.NaN), "frozen_movement_error is NaN; at most 0.01 passes");

    [Theory]
    [InlineData(0.0, "from_layer3_movement_least_along is ")]
    [InlineData(-1.0, "from_layer3_movement_least_along is -")]
    [InlineData(3.0, "from_layer3_movement_most_along is ")]
    public void Bf16_Passes_AndALayerThatLearnsNothingOrTheWrongThing_Fails(double factor, string reason)
    {
        if (PrecisionSwitch.WhyNot(Precision.Bf16, ThisCpu.Device.Choice, computeCapability: null) is { } why)
            Assert.Skip(why);
        var sound = new TrainingCheck(Precision.Bf16).Find(ThisCpu.Device, policies: [FreezingPolicy.FromLayer3]);
        Assert.True(sound.Outcome == CheckOutcome.Pass, sound.Reason);

        Fails(FreezingPolicy.FromLayer3, network => network.TrainableParameters[0].grad!.mul_(factor), reason, Precision.Bf16);
    }

    [Fact]
    public void StepsThatTheScalerLeavesOut_TheReferenceLeavesOutToo_AndAllAreTooMany()
    {
        if (PrecisionSwitch.WhyNot(Precision.Fp16, ThisCpu.Device.Choice, computeCapability: null) is { } why)
            Assert.Skip(why);
        var step = 0;
        var found = new TrainingCheck(Precision.Fp16).Find(
            ThisCpu.Device, AfterBackward(network => network.HeadParameters[0].grad!.mul_(step++ is 1 or 2 ? double.PositiveInfinity : 1)), [FreezingPolicy.Frozen]);
        Assert.True(found.Outcome == CheckOutcome.Pass, found.Reason);
        Assert.InRange(found.Figures.Single(figure => figure.Name == "frozen_steps_left_out").Value, 2, 5);

        found = new TrainingCheck(Precision.Fp16).Find(ThisCpu.Device, AfterBackward(network => network.HeadParameters[0].grad!.mul_(double.PositiveInfinity)), [FreezingPolicy.Frozen]);
        Assert.Contains("frozen_steps_left_out is 10; at most 5 passes", found.Reason, StringComparison.Ordinal);
    }

    private static void Fails(FreezingPolicy policy, Action<PolicyNetwork> fault, string reason, Precision? precision = null)
    {
        var found = new TrainingCheck(precision ?? Precision.Fp32).Find(ThisCpu.Device, AfterBackward(fault), [policy]);

        Assert.Equal(CheckOutcome.Fail, found.Outcome);
        Assert.StartsWith(reason, found.Reason, StringComparison.Ordinal);
    }

    internal static Func<Trainer, IPhaseObserver> AfterBackward(Action<PolicyNetwork> act) => trainer => new Fault(trainer.Network, act);

    private sealed class Fault(PolicyNetwork network, Action<PolicyNetwork> act) : IPhaseObserver
    {
        public void StepBegins()
        {
        }

        public void PhaseEnds(StepPhase phase)
        {
            if (phase != StepPhase.Backward)
                return;
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            act(network);
        }
    }
}
