using FreezeBench.Freezing;
using FreezeBench.Results.Verification;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;
using static TorchSharp.torch;

namespace FreezeBench.DeviceChecks;

/// <summary>The same training twice, in a process that is deterministic.</summary>
internal static class DeterminismCheck
{
    private const int Steps = 5;

    /// <param name="device">Where.</param>
    /// <param name="observer">Of every step; a test breaks it there. null: nobody.</param>
    internal static CheckFinding Find(CheckedDevice device, Func<Trainer, IPhaseObserver>? observer = null)
    {
        if (!Determinism.Enabled)
            return CheckFinding.Failed("the process was not deterministic from its start on, which libtorch asks for of products on a GPU");
        return CheckFinding.Of([.. new[] { FreezingPolicy.FineTune, FreezingPolicy.Frozen }.Select(policy => Figure(device, policy, observer))]);
    }

    private static VerifiedFigure Figure(CheckedDevice device, FreezingPolicy policy, Func<Trainer, IPhaseObserver>? observer)
    {
        var (first, second) = (Trained(device, policy, observer), Trained(device, policy, observer));
        var different = first.Count(entry => !entry.Value.bytes.SequenceEqual(second[entry.Key].bytes));
        SmallTraining.Dispose(first);
        SmallTraining.Dispose(second);
        return new($"{policy.Name.Replace('-', '_')}_tensors_that_differ", different) { AtMost = 0 };
    }

    private static Dictionary<string, Tensor> Trained(CheckedDevice device, FreezingPolicy policy, Func<Trainer, IPhaseObserver>? observer)
    {
        using var images = SmallTraining.Images(device.Torch, Steps * SmallTraining.BatchSize);
        using var trainer = SmallTraining.Ready(device, policy, Precision.Fp32, images);
        var watching = observer?.Invoke(trainer) ?? NoObserver.Instance;
        for (var step = 0; step < Steps; step++)
            trainer.Step(step, watching);
        return SmallTraining.StateOf(trainer.Network.Network.Module);
    }
}
