using static TorchSharp.torch;

namespace FreezeBench.Images.Sets;

/// <summary>Batches of cached features: what <c>frozen-cached</c> trains its head on.</summary>
/// <param name="features">float32 [N, F], one row an image; owned from here on.</param>
/// <param name="labels">int64 [N]; not owned.</param>
/// <param name="batchSize">Images per step, 1 or more.</param>
public sealed class FeatureBatches(Tensor features, Tensor labels, int batchSize)
    : BatchSource((int)features.size(0), batchSize, features.device)
{
    private readonly Tensor features = features.DetachFromDisposeScope();

    /// <summary>All features in stored order, float32 [N, F]; still owned.</summary>
    internal Tensor Features => features;

    /// <summary>All labels in stored order, int64 [N]; not owned.</summary>
    internal Tensor Labels => labels;

    /// <inheritdoc/>
    protected override Batch LoadRange(long start, long length) => new(CopyRows(features, start, length), CopyRows(labels, start, length));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        features.Dispose();
        base.Dispose(disposing);
    }
}
