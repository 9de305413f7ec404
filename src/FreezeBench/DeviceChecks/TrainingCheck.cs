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

    // More steps than this are not left out: the scale begins at 2^16, and gradients of this network fit at 2^13.
    private const int MostSkipped = SmallTraining.Steps / 2;

    private readonly bool isFull = precision == Precision.Fp32, isBf16 = precision == Precision.Bf16;

    // Where only the head trains, its error is that of the backbone's features, of which FoldingCheck has the limits.
    private double MostHeadError => isBf16 ? 0.05 : 0.01;

    // Of a backbone's training in float32: on the CPU 0.04 was seen with all channels, since BatchNorm over 8 numbers and ReLU's cut make much of a rounding. With 10 bits
    // (tf32, fp16) or 7 (bf16) the signs of more activations differ, and the error of a gradient grows from layer to layer backward: to 0.23 of its length in fp16
    // and 0.8 in bf16 in the worst tensor, as much as if it did not move at all, which tells nothing. No limit, then.
    private double? MostError => isFull ? 0.2 : null;

    // But that error has no direction. Along the right movement each tensor goes 0.995 to 1.003 of it in float32, 0.91 to 1.05 in fp16 and 0.59 to 1.21 in bf16; with a gradient that
    // is wrong by 5 % 1.05, and a layer that does not learn 0, one that learns the wrong way -1, and one with three times its gradient some 3 (twice may pass in bf16).
    private double MostAstray => isFull ? 0.02 : isBf16 ? 0.7 : 0.3;

    // 0.003 was seen in float32 and 0.12 in bf16 after a backbone's training with all channels, 1e-6 and 0.01 after the head's.
    private double MostLogitsError(FreezingPolicy policy) => policy == FreezingPolicy.Frozen ? isFull ? 0.001 : 0.05 : isFull ? 0.02 : isBf16 ? 0.3 : 0.05;

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
        using var images = SmallTraining.Images(device.Torch);
        using var trainer = SmallTraining.Ready(device, policy, precision, images);
        var before = SmallTraining.StateOf(trainer.Network.Network.Module);
        var watching = observer?.Invoke(trainer) ?? NoObserver.Instance;
        var skipped = Step(trainer, watching);
        var reference = ReferenceTraining.Of(SmallTraining.NetworkOf(device), policy, skipped);
        var after = SmallTraining.StateOf(trainer.Network.Network.Module);
        var (errors, along) = (new List<double>(), new List<double>());
        foreach (var (tensor, exact) in reference.Movement)
        {
            var moved = after[tensor] - before[tensor];
            errors.Add(SmallTraining.RelativeError(moved, exact));
            along.Add(SmallTraining.Along(moved, exact));
        }
        // Exact, of NaN too: what is frozen is not even rounded.
        var changed = after.Count(entry => !ReferenceTraining.Trains(policy, entry.Key) && !entry.Value.bytes.SequenceEqual(before[entry.Key].bytes));
        SmallTraining.Dispose(before);
        SmallTraining.Dispose(after);
        trainer.Network.Eval();
        using var noGrad = no_grad();
        var logits = SmallTraining.RelativeError(trainer.Network.Forward(trainer.LoadImages().Inputs), reference.Logits);
        var name = policy.Name.Replace('-', '_');
        var error = new VerifiedFigure($"{name}_movement_error", Worst(errors));
        return
        [
            .. policy == FreezingPolicy.Frozen
                ? new[] { error with { AtMost = MostHeadError } }
                : [
                    error with { AtMost = MostError },
                    new($"{name}_movement_least_along", along.Exists(double.IsNaN) ? double.NaN : along.Min()) { AtLeast = 1 - MostAstray },
                    new($"{name}_movement_most_along", Worst(along)) { AtMost = 1 + MostAstray },
                ],
            new($"{name}_logits_error", logits) { AtMost = MostLogitsError(policy) },
            new($"{name}_steps_left_out", skipped.Count) { AtMost = trainer.Scaler is null ? 0 : MostSkipped },
            new($"{name}_frozen_changed", changed) { AtMost = 0 },
        ];
    }

    // Returns the steps that the scaler left out, since their gradients overflowed: the reference leaves out the same.
    private static HashSet<int> Step(Trainer trainer, IPhaseObserver watching)
    {
        HashSet<int> skipped = [];
        for (var step = 0; step < SmallTraining.Steps; step++)
        {
            var scale = trainer.Scaler?.Current;
            trainer.Step(step, watching);
            // It halves the scale by such a step, and by no other.
            if (trainer.Scaler?.Current < scale)
                skipped.Add(step);
        }
        return skipped;
    }

    // Max() passes over NaN, which is the worst there is.
    private static double Worst(List<double> values) => values.Exists(double.IsNaN) ? double.NaN : values.Max();
}
