using FreezeBench.Data;
using FreezeBench.Freezing;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>Features of every image, once.</summary>
public static class FeatureExtraction
{
    /// <summary>Runs the frozen backbone over a source in stored order, in eval mode and without a graph.</summary>
    /// <param name="network">Left in training mode as its policy defines it.</param>
    /// <param name="source">Images in stored order (not shuffled): row i belongs to image i.</param>
    /// <returns>float32 [N, F] on the source's device; the caller owns it.</returns>
    public static Tensor Extract(PolicyNetwork network, BatchSource source)
    {
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        network.Eval();
        var parts = new List<Tensor>(source.StepsPerEpoch);
        for (var step = 0; step < source.StepsPerEpoch; step++)
            parts.Add(ExtractBatch(network, source, step));
        var all = cat(parts, 0);
        network.Train();
        return all.MoveToOuterDisposeScope();
    }

    private static Tensor ExtractBatch(PolicyNetwork network, BatchSource source, int step)
    {
        // A scope for each batch: only its features stay, not its images.
        using var scope = NewDisposeScope();
        return network.ForwardFeatures(source.Load(step).Inputs).MoveToOuterDisposeScope();
    }
}
