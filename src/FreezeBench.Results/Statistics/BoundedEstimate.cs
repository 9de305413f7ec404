namespace FreezeBench.Results.Statistics;

/// <summary>An estimate with distribution-free bounds.</summary>
/// <param name="Value">The point estimate.</param>
/// <param name="Lower">Lower bound; null where the samples are too few for the confidence level.</param>
/// <param name="Upper">Upper bound; null together with <paramref name="Lower"/>.</param>
/// <param name="Confidence">Confidence level of the bounds, 0..1; for a report 0.95, for a verdict 0.99.</param>
public sealed record BoundedEstimate(double Value, double? Lower, double? Upper, double Confidence)
{
    /// <summary>The estimate with the pairs of <paramref name="depth"/> counted from each end as bounds; depth 0 has none.</summary>
    internal static BoundedEstimate Of(double value, OrderedPairs pairs, long depth, double confidence)
    {
        if (depth < 1)
            return new BoundedEstimate(value, null, null, confidence);
        var (lower, upper) = (pairs.Smallest(depth), pairs.Smallest(pairs.Count + 1 - depth));
        // The estimate is the middle of the same pairs; computed another way it may leave narrow bounds by a rounding error.
        return new BoundedEstimate(Math.Clamp(value, lower, upper), lower, upper, confidence);
    }

    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1, both excluded.</exception>
    internal static void CheckConfidence(double confidence)
    {
        if (confidence is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(confidence), confidence, "A confidence level is above 0 and below 1, for example 0.95.");
    }
}
