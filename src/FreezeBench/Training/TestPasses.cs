using FreezeBench.Features;
using FreezeBench.Freezing;
using FreezeBench.Images.Decoding;
using FreezeBench.Images.Sets;
using static TorchSharp.torch;

namespace FreezeBench.Training;

/// <summary>Evaluations of one network on one test set, whose features are kept where the policy caches them.</summary>
/// <param name="network">Not owned.</param>
/// <param name="transform">From images to its input; not owned.</param>
/// <param name="fetch">Gets features.</param>
/// <param name="batchSize">Images, or features, of a pass.</param>
/// <param name="extractionBatch">Images of a pass that extracts features.</param>
internal sealed class TestPasses(PolicyNetwork network, ImageTransform transform, FeatureFetch fetch, int batchSize, int extractionBatch) : IDisposable
{
    private BatchSource? batches;
    private ImageSet? tested;

    /// <param name="test">The same at every call; not owned.</param>
    /// <param name="scores">From features or images to class scores in the place of the network; null: its logits.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    internal PassResult Run(ImageSet test, Func<Tensor, Tensor>? scores, CancellationToken cancellation)
    {
        if (tested is not null && tested != test)
            throw new ArgumentException("Another test set than at the call before: its cached features would be the wrong ones.", nameof(test));
        tested = test;
        var caches = network.Policy.CachesFeatures;
        batches ??= test.Batches(transform, caches ? extractionBatch : batchSize, Augmentation.None);
        if (caches && batches is not FeatureBatches)
        {
            var features = new FeatureBatches(fetch.Fetch(test, batches, cancellation).Features, test.Labels, batchSize);
            batches.Dispose();
            batches = features;
        }
        return Evaluation.Run(network, batches, scores, cancellation);
    }

    public void Dispose() => batches?.Dispose();
}
