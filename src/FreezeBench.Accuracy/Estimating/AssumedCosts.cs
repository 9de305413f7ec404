using FreezeBench.Accuracy.Options;
using FreezeBench.Freezing;

namespace FreezeBench.Accuracy.Estimating;

/// <summary>The same for a GPU that nobody has measured: operations counted, at an assumed rate.</summary>
/// <param name="settings">Of the command.</param>
/// <param name="classes">Outputs of the head.</param>
/// <param name="resolutionPx">Height and width of the network's input in pixels.</param>
internal sealed class AssumedCosts(AccuracySettings settings, int classes, int resolutionPx)
{
    /// <summary>Floating-point operations/s that convolutions are assumed to sustain: between a T4 (8e12 at most) and an A100 in TF32 (156e12 at most).</summary>
    internal const double FlopsPerS = 1e13;

    /// <summary>Least time of a call that starts a hundred or so kernels, in s: launches then are all that it costs.</summary>
    internal const double LeastS = 5e-3;

    internal PolicyCost Of(FreezingPolicy policy)
    {
        var work = StepFlops.Of(settings.Network, classes, resolutionPx, policy);
        double Seconds(long flops) => Math.Max(flops / FlopsPerS, LeastS / settings.BatchSize);
        return policy.CachesFeatures
            // A head's step is some launches of its own.
            ? new PolicyCost(LeastS / 10 / settings.BatchSize, 0, Seconds(work.BackboneForward), 0)
            : new PolicyCost(Seconds(work.Forward + work.Backward), Seconds(work.Forward), 0, 0);
    }
}
