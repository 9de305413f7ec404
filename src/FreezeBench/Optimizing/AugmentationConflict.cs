using FreezeBench.Freezing;
using FreezeBench.Images.Decoding;
using FreezeBench.Results;

namespace FreezeBench.Optimizing;

/// <summary>The one policy that no augmentation goes with.</summary>
public static class AugmentationConflict
{
    /// <summary>Refuses an augmentation where the policy caches features: they would be those of one draw, seen in every epoch.</summary>
    /// <exception cref="UserErrorException">The policy caches features and the augmentation is another than none.</exception>
    public static void ThrowIfAny(FreezingPolicy policy, Augmentation augmentation)
    {
        if (policy.CachesFeatures && augmentation.ChangesImages)
            throw new UserErrorException($"‹The augmentation› {augmentation.Name} does not go with {policy.Name} in ‹the policies›: it computes every image's features once, "
                + $"so all epochs would see the same draw. Pass ‹the augmentation› {Augmentation.None.Name}, or a policy that trains on images, such as {FreezingPolicy.Frozen.Name}.");
    }
}
