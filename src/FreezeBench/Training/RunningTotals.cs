using FreezeBench.Kernels;
using FreezeBench.Kernels.Observing;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>
/// Loss and hits of a pass, summed on the device: reading either to the host at every step would wait for the GPU, and
/// the wait would be timed as work.
/// </summary>
public sealed class RunningTotals : IDisposable
{
    private readonly Tensor lossSum;
    private readonly Tensor correct;
    private int count;

    /// <param name="device">The device of the losses and logits to come.</param>
    public RunningTotals(Device device)
    {
        // Apple's GPUs have no float64.
        lossSum = zeros(1, device.type == TorchSharp.DeviceType.MPS ? ScalarType.Float32 : ScalarType.Float64, device).DetachFromDisposeScope();
        correct = zeros(1, ScalarType.Int64, device).DetachFromDisposeScope();
    }

    /// <summary>Told of every operation of <see cref="Add"/>; null, the default: nobody.</summary>
    public IWorkObserver? WorkObserver { get; set; }

    /// <summary>Forgets everything.</summary>
    public void Reset()
    {
        lossSum.zero_().Dispose();
        correct.zero_().Dispose();
        count = 0;
    }

    /// <summary>Adds a batch. Called inside the step's scope, which disposes what this makes.</summary>
    /// <param name="meanLoss">Mean loss of the batch (nats), a scalar.</param>
    /// <param name="logits">float32 [N, classes].</param>
    /// <param name="labels">int64 [N].</param>
    public void Add(Tensor meanLoss, Tensor logits, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var batch = (int)labels.size(0);
        using Scalar images = batch;
        var (loss, scores) = (meanLoss.detach(), logits.detach());
        Work.Seen(WorkObserver, () => lossSum.add_(loss, alpha: images));
        var predicted = Work.Seen(WorkObserver, () => scores.argmax(1));
        var hits = Work.Seen(WorkObserver, () => predicted.eq(labels));
        var sum = Work.Seen(WorkObserver, () => hits.sum());
        Work.Seen(WorkObserver, () => correct.add_(sum, alpha: Numbers.One));
        count += batch;
    }

    /// <summary>Reads the totals to the host, which waits for the device.</summary>
    public PassResult Read()
    {
        if (count == 0)
            throw new InvalidOperationException("No batch was added: there is no mean loss to read.");
        using var scope = NewDisposeScope();
        return new PassResult(lossSum.cpu().to(ScalarType.Float64).item<double>() / count, (int)correct.cpu().item<long>(), count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lossSum.Dispose();
        correct.Dispose();
    }
}

/// <summary>Loss and hits of one pass over a data set.</summary>
/// <param name="MeanLoss">Mean cross-entropy per image, in nats.</param>
/// <param name="Correct">Images whose largest logit was the right class.</param>
/// <param name="Count">Images seen.</param>
public sealed record PassResult(double MeanLoss, int Correct, int Count)
{
    /// <summary>Share of the images that were classified rightly, 0 to 1.</summary>
    public double AccuracyFraction => (double)Correct / Count;

    /// <summary>Class by class; null where a pass trains, which counts no more than it must.</summary>
    public ClassCounts? ByClass { get; init; }
}
