using FreezeBench.Freezing;

namespace FreezeBench.Benchmarks.Settings;

/// <summary>Policies of the depth suite.</summary>
public static class DepthPolicies
{
    /// <summary>Deepest training first.</summary>
    /// <param name="quick">The two ends and a middle.</param>
    public static IReadOnlyList<FreezingPolicy> For(bool quick) => quick
        ? [FreezingPolicy.FineTune, FreezingPolicy.FromLayer3, FreezingPolicy.Frozen]
        : [FreezingPolicy.FineTune, FreezingPolicy.FromLayer1, FreezingPolicy.FromLayer2, FreezingPolicy.FromLayer3, FreezingPolicy.FromLayer4, FreezingPolicy.Frozen];
}
