using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Kernels.Convolutions;
using FreezeBench.Kernels.Observing;
using FreezeBench.Kernels.Optimizing;
using FreezeBench.Optimizing;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>
/// One optimizer update: the only training step there is. Benchmarks measure it and accuracy runs train with it.
/// </summary>
/// <param name="network">The network under its policy, in training mode; not owned.</param>
/// <param name="optimizer">Holds the network's trainable parameters and nothing else; not owned.</param>
/// <param name="source">Images, or cached features where the policy caches; not owned.</param>
/// <param name="totals">Gets the loss and the hits of every step; not owned.</param>
/// <param name="kernels">Whose backward pass: fast layers need <see cref="TapGradient.Backward"/>.</param>
/// <param name="labelSmoothing">Share of the target that is spread over all classes, 0 to below 1.</param>
/// <param name="scaler">Scales the gradients of a network that computes in float16; null: nothing is scaled; not owned.</param>
public sealed class TrainingStep(
    PolicyNetwork network, Optimizer optimizer, BatchSource source, RunningTotals totals, KernelSet kernels, double labelSmoothing = 0, GradientScaler? scaler = null)
{
    private readonly Func<Tensor, Tensor> forward = network.ForwardOf(source);

    /// <summary>Told of libtorch's work in every part of the step; null, the default: nobody.</summary>
    public IWorkObserver? WorkObserver
    {
        get;
        set
        {
            (field, network.WorkObserver, optimizer.WorkObserver, source.WorkObserver, totals.WorkObserver) = (value, value, value, value, value);
            if (scaler is not null)
                scaler.WorkObserver = value;
        }
    }

    /// <summary>Trains on one batch. On a GPU it returns when the work is issued, not when it is done.</summary>
    /// <param name="step">Which batch of the pass, 0 .. StepsPerEpoch - 1.</param>
    /// <param name="observer">Told at the end of every phase; <see cref="NoObserver"/> to train undisturbed.</param>
    public void Run(int step, IPhaseObserver observer)
    {
        // Every tensor of the step dies here, the autograd graph with it: without the scope a batch lives until the GC runs.
        using var scope = NewDisposeScope();
        observer.StepBegins();
        var batch = source.Load(step);
        observer.PhaseEnds(StepPhase.Data);
        network.ZeroGrad();
        observer.PhaseEnds(StepPhase.ZeroGrad);
        var logits = forward(batch.Inputs);
        observer.PhaseEnds(StepPhase.Forward);
        var loss = Work.Seen(WorkObserver, () => nn.functional.cross_entropy(logits, batch.Labels, label_smoothing: labelSmoothing));
        totals.Add(loss, logits, batch.Labels);
        observer.PhaseEnds(StepPhase.Loss);
        var scaled = scaler?.Scale(loss) ?? loss;
        if (kernels == KernelSet.Fast)
            TapGradient.Backward(scaled);
        else
            scaled.backward();
        observer.PhaseEnds(StepPhase.Backward);
        if (scaler is null)
            optimizer.Step();
        else
            scaler.Step(optimizer);
        observer.PhaseEnds(StepPhase.Optimizer);
    }
}
