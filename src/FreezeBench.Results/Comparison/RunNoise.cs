namespace FreezeBench.Results.Comparison;

/// <summary>How far the runs of two sides scatter: alike where one machine measured both, else each in its own way.</summary>
/// <param name="First">The spread of one side, or of both.</param>
/// <param name="Second">The spread of the other machine; null where there is one.</param>
internal sealed record RunNoise(LaunchSpread First, LaunchSpread? Second = null)
{
    /// <summary>Half of the interval of the logarithm of the ratio of the sides' centres.</summary>
    internal double HalfWidth(CaseSide first, CaseSide second, double confidence) => Second is null
        ? First.HalfWidth(first.RunCentresMs, second.RunCentresMs, confidence)
        : Uncertainty.HalfWidth(First.OfMean(first.RunCentresMs), Second.OfMean(second.RunCentresMs), confidence);
}
