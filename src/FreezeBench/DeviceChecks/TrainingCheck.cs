using FreezeBench.Freezing;
using FreezeBench.Results.Verification;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;
using static TorchSharp.torch;

namespace FreezeBench.DeviceChecks;

/// <summary>
/// Ten steps on the device against the same in float64 on the CPU (<see cref="ReferenceTraining"/>): how far every parameter and running
/// statistic has moved, what the network then says, and that what is frozen is the same bits as before.
/// </summary>
/// <param name="precision">Of the steps on the device.</param>
internal sealed class TrainingCheck(Precision precision)
{
    internal static IReadOnlyList<FreezingPolicy> Policies { get; } = [FreezingPolicy.FineTune, FreezingPolicy.Frozen, FreezingPolicy.FromLayer3];

    /// <summary>Largest relative error of a movement and of the logits.</summary>
    /// <remarks>
    /// Of the movement the worst tensor counts. In float32 a rounding is 6e-8, and twenty layers and ten steps make at most some ten thousand times that of it; a gradient that is
    /// wrong by a few hundredths in one layer is seen. tf32 and fp16 have 10 bits, which is 5e-4 a rounding, and bf16 has 7, 4e-3: there the signs of small activations, which ReLU
    /// cuts, differ too, and what is left to see is a layer that does not learn or learns something else.
    /// </remarks>
    internal (double Movement, double Logits) Tolerance => precision switch
    {
        _ when precision == Precision.Fp32 => (0.01, 0.001),
        _ when precision == Precision.Bf16 => (0.7, 0.2),
        _ => (0.3, 0.05),
    };

    /// <param name="device">Where.</param>
    /// <param name="observer">Of every step; a test breaks it there. null: nobody.</param>
    /// <param name="policies">Of <see cref="Policies"/>; null: all.</param>
    internal CheckFinding Find(CheckedDevice device, Func<Trainer, IPhaseObserver>? observer = null, IReadOnlyList<FreezingPolicy>? policies = null)
    {
        if (PrecisionSwitch.WhyNot(precision, device.Choice, device.ComputeCapability) is { } reason)
            return CheckFinding.NotApplicable(reason);
        PrecisionSwitch.Apply(precision, device.Choice, device.ComputeCapability);
        try
        {
            return CheckFinding.Of([.. (policies ?? Policies).SelectMany(policy => Figures(device, policy, observer))]);
        }
        finally
        {
            PrecisionSwitch.Apply(Precision.Fp32, device.Choice, device.ComputeCapability);
        }
    }

    private List<VerifiedFigure> Figures(CheckedDevice device, FreezingPolicy policy, Func<Trainer, IPhaseObserver>? observer)
    {
        using var scope = NewDisposeScope();
        var reference = ReferenceTraining.Of(SmallTraining.NetworkOf(device), policy);
        using var images = SmallTraining.Images(device.Torch);
        using var trainer = SmallTraining.Ready(device, policy, precision, images);
        var before = SmallTraining.StateOf(trainer.Network.Network.Module);
        var watching = observer?.Invoke(trainer) ?? NoObserver.Instance;
        for (var step = 0; step < SmallTraining.Steps; step++)
            trainer.Step(step, watching);
        device.Clock.Synchronise();
        var after = SmallTraining.StateOf(trainer.Network.Network.Module);
        var errors = reference.Movement.ToDictionary(entry => entry.Key, entry => SmallTraining.RelativeError(after[entry.Key] - before[entry.Key], entry.Value));
        // Exact, of NaN too: what is frozen is not even rounded.
        var changed = after.Count(entry => !ReferenceTraining.Trains(policy, entry.Key) && !entry.Value.bytes.SequenceEqual(before[entry.Key].bytes));
        SmallTraining.Dispose(before);
        SmallTraining.Dispose(after);
        trainer.Network.Eval();
        using var noGrad = no_grad();
        var logits = SmallTraining.RelativeError(trainer.Network.Forward(trainer.LoadImages().Inputs), reference.Logits);
        var name = policy.Name.Replace('-', '_');
        return
        [
            new($"{name}_movement_error", Worst(errors.Values)) { AtMost = Tolerance.Movement },
            new($"{name}_logits_error", logits) { AtMost = Tolerance.Logits },
            new($"{name}_frozen_changed", changed) { AtMost = 0 },
        ];
    }

    // Max() passes over NaN, which is the worst there is.
    private static double Worst(IEnumerable<double> errors) => errors.Any(double.IsNaN) ? double.NaN : errors.Max();
}
