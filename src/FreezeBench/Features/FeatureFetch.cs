using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Torch.Hardware;
using static TorchSharp.torch;

namespace FreezeBench.Features;

/// <summary>Gets the features of a set of images: from the cache where it has them, else by extracting them, and keeps them there.</summary>
/// <param name="network">Whose frozen backbone extracts; not owned.</param>
/// <param name="transform">From images to its input; not owned.</param>
/// <param name="cache">Null: always extract, keep nothing.</param>
internal sealed class FeatureFetch(PolicyNetwork network, ImageTransform transform, FeatureCache? cache)
{
    /// <summary>Features of every image, in stored order.</summary>
    /// <param name="images">Whose features.</param>
    /// <param name="stored">Their batches, neither shuffled nor augmented.</param>
    /// <param name="cancellation">As in <see cref="FeatureExtraction.Extract"/>.</param>
    internal FetchedFeatures Fetch(ImageSet images, BatchSource stored, CancellationToken cancellation)
    {
        var clock = new DeviceClock(images.Device);
        var start = clock.Now();
        var key = cache is null ? null : FeatureKey.Of(network.Network, network.Folds, images, transform, stored.BatchSize, cache.Environment);
        if (key is not null && cache!.Find(key, images.Device) is { } found)
            return new FetchedFeatures(found, FeatureOrigin.Disk, clock.Since(start));
        // What the cache costs where it has nothing, and what keeping costs, is no part of an extraction.
        start = clock.Now();
        var features = FeatureExtraction.Extract(network, stored, cancellation);
        var duration = clock.Since(start);
        if (key is not null)
            cache!.Keep(key, features);
        return new FetchedFeatures(features, FeatureOrigin.Extracted, duration);
    }
}

/// <summary>Features, and what it took to get them.</summary>
/// <param name="Features">float32 [N, F] on the images' device; the receiver owns it.</param>
/// <param name="Origin">Where they came from.</param>
/// <param name="Duration">Reading and checking, or extracting, the wait for the device included.</param>
internal readonly record struct FetchedFeatures(Tensor Features, FeatureOrigin Origin, TimeSpan Duration);
