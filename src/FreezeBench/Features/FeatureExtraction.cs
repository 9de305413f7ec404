using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using static TorchSharp.torch;

namespace FreezeBench.Features;

/// <summary>Features of every image, once.</summary>
public static class FeatureExtraction
{
    /// <summary>Runs the frozen backbone over a source in stored order, in eval mode and without a graph.</summary>
    /// <param name="network">Left in training mode as its policy defines it.</param>
    /// <param name="source">Images in stored order (not shuffled): row i belongs to image i.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    /// <returns>float32 [N, F] on the source's device; the caller owns it.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled; the network is in training mode then, too.</exception>
    public static Tensor Extract(PolicyNetwork network, BatchSource source, CancellationToken cancellation = default)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        network.Eval();
        try
        {
            var parts = new List<Tensor>(source.StepsPerEpoch);
            for (var step = 0; step < source.StepsPerEpoch; step++)
            {
                cancellation.ThrowIfCancellationRequested();
                parts.Add(ExtractBatch(network, source, step));
            }
            return cat(parts, 0).MoveToOuterDisposeScope();
        }
        finally
        {
            network.Train();
        }
    }

    private static Tensor ExtractBatch(PolicyNetwork network, BatchSource source, int step)
    {
        // A scope for each batch: only its features stay, not its images.
        using var scope = NewDisposeScope();
        return network.ForwardFeatures(source.Load(step).Inputs).MoveToOuterDisposeScope();
    }
}
