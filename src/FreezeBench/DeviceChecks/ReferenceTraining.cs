using System.Collections.Concurrent;
using FreezeBench.Freezing;
using FreezeBench.Images.Decoding;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Networks.Catalog;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.DeviceChecks;

/// <summary>The same training in float64 on the CPU, with libtorch's own layers and TorchSharp's own optimizer: nothing of the fast kernels is in it.</summary>
/// <param name="Movement">By name, how far each parameter and running statistic that trains has moved; float64.</param>
/// <param name="Logits">Of the first batch, in eval mode, after the last step; float64.</param>
internal sealed record ReferenceTraining(IReadOnlyDictionary<string, Tensor> Movement, Tensor Logits)
{
    private static readonly ConcurrentDictionary<(Network Network, FreezingPolicy Policy, string Skipped), Lazy<ReferenceTraining>> made = new();

    /// <summary>Made once in a process: every precision is held against it.</summary>
    /// <param name="network">Which.</param>
    /// <param name="policy">What trains.</param>
    /// <param name="skipped">Steps without an update, as the scaler of 16-bit gradients leaves them out.</param>
    internal static ReferenceTraining Of(Network network, FreezingPolicy policy, IReadOnlySet<int> skipped) =>
        made.GetOrAdd((network, policy, string.Join(',', skipped.Order())), _ => new(() => Make(network, policy, skipped))).Value;

    /// <summary>Whether a parameter or running statistic moves; by its name, since the library's own word on it is what is checked.</summary>
    internal static bool Trains(FreezingPolicy policy, string name)
    {
        string[] trained = policy == FreezingPolicy.FineTune ? [""] : policy == FreezingPolicy.Frozen ? ["fc."] : ["layer3.", "layer4.", "fc."];
        return trained.Any(start => name.StartsWith(start, StringComparison.Ordinal));
    }

    private static ReferenceTraining Make(Network architecture, FreezingPolicy policy, IReadOnlySet<int> skipped)
    {
        using var scope = NewDisposeScope();
        var options = SmallTraining.Options(Precision.Fp32);
        using var network = InitialNetwork.Create(
            architecture, SmallTraining.Classes, SmallTraining.ResolutionPx, KernelSet.Plain, CPU, MemoryFormat.Contiguous, options.Seed, weights: null);
        network.Module.to(ScalarType.Float64);
        using var frozen = new PolicyNetwork(network, policy);
        using var images = SmallTraining.Images(CPU);
        using var transform = new ImageTransform(SmallTraining.ResolutionPx, MemoryFormat.Contiguous, CPU);
        using var batches = images.Batches(transform, SmallTraining.BatchSize, Augmentation.None);
        using var optimizer = optim.SGD(frozen.TrainableParameters, options.LearningRateHead, options.Momentum, weight_decay: options.WeightDecay);
        var before = SmallTraining.StateOf(network.Module);
        for (var step = 0; step < SmallTraining.Steps; step++)
        {
            using var ofStep = NewDisposeScope();
            var batch = batches.Load(step);
            frozen.ZeroGrad();
            nn.functional.cross_entropy(frozen.Forward(batch.Inputs.to(ScalarType.Float64)), batch.Labels).backward();
            if (!skipped.Contains(step))
                optimizer.step();
        }
        var after = SmallTraining.StateOf(network.Module);
        var movement = after.Where(entry => entry.Value.is_floating_point() && Trains(policy, entry.Key))
            .ToDictionary(entry => entry.Key, entry => (entry.Value - before[entry.Key]).DetachFromDisposeScope());
        SmallTraining.Dispose(before);
        SmallTraining.Dispose(after);
        frozen.Eval();
        using var noGrad = no_grad();
        return new(movement, frozen.Forward(batches.Load(0).Inputs.to(ScalarType.Float64)).DetachFromDisposeScope());
    }
}
