using FreezeBench.Benchmarks.Cases;
using FreezeBench.Freezing;
using FreezeBench.Networks.Catalog;
using FreezeBench.Training;

namespace FreezeBench.Benchmarks.Output;

/// <summary>Floating-point operations of a phase, and the share that they are of what a matrix product reaches.</summary>
public static class CaseFlops
{
    /// <summary>Operations of convolutions and head for one image in a phase; null where it has none, or is more than one thing.</summary>
    public static long? PerImage(string phase, StepFlops flops) => phase switch
    {
        CasePhases.NoGradForward => flops.Forward,
        CasePhases.Step or CasePhases.SynchronisedStep or CasePhases.PairedStep or CasePhases.Epoch or CasePhases.Steps => flops.Forward + flops.Backward,
        CasePhases.FeatureExtraction or CasePhases.PairedExtraction or CasePhases.PairedForwardPass => flops.BackboneForward,
        _ when phase == StepPhase.Forward.Name() => flops.Forward,
        _ when phase == StepPhase.Backward.Name() => flops.Backward,
        _ when CasePhases.IsEpochOf(phase) => flops.Forward + flops.Backward,
        _ => null,
    };

    /// <summary>What goes into the column <c>flops_utilisation</c>.</summary>
    /// <param name="phase">The case's phase.</param>
    /// <param name="network">The network.</param>
    /// <param name="classes">Outputs of its head.</param>
    /// <param name="resolutionPx">Of the images that it sees.</param>
    /// <param name="policy">What trains.</param>
    /// <param name="images">Images of one operation.</param>
    /// <param name="medianMs">Time of one operation.</param>
    /// <param name="matmulFlopsPerS">As measured in the case's process; null: unknown.</param>
    /// <returns>Null where the phase has no count, or a time or rate is missing.</returns>
    public static double? Utilisation(
        string phase, Network network, int classes, int resolutionPx, FreezingPolicy policy, int images, double medianMs, double? matmulFlopsPerS) =>
        matmulFlopsPerS > 0 && medianMs > 0 && PerImage(phase, StepFlops.Of(network, classes, resolutionPx, policy, withPadding: false)) is { } perImage
            ? perImage * images / (medianMs / 1000) / matmulFlopsPerS
            : null;
}
