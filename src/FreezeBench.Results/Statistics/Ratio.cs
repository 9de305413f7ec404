namespace FreezeBench.Results.Statistics;

/// <summary>How many times larger one case's samples are than another's.</summary>
public static class Ratio
{
    private const double Smallest = 1 / SampleSummary.LargestMagnitude;

    /// <summary><paramref name="numerator"/> / <paramref name="denominator"/> with distribution-free bounds.</summary>
    /// <remarks>
    /// The estimate is the median of all ratios of a numerator's sample to a denominator's: Pragmastat's Toolkit.Ratio, computed
    /// here because Pragmastat 3.2.4 makes all pairs, two minutes' work for 30,000 against 30,000 samples; in essence Hodges and
    /// Lehmann's shift between the samples' logarithms. Pragmastat 3.2.4 has no bounds; these are two of the same ratios, by inverting the Mann-Whitney test (L. E. Moses; Hollander and Wolfe, section 4.3): logarithms keep
    /// the order, so what is proven for differences holds for ratios. Exact up to 2,500 pairs. They suppose independent samples
    /// whose distributions differ by a factor, and see the scatter of these samples alone, not that of another run of the program.
    /// Ties only make them wider than their level. The cost grows as n log n: no sample is left out.
    /// </remarks>
    /// <param name="numerator">1 or more positive numbers in any order; not changed.</param>
    /// <param name="denominator">1 or more positive numbers of the same unit.</param>
    /// <param name="confidence">Level of the bounds, above 0 and below 1. 0.95 needs 4 against 4, 0.99 needs 5 against 5: with
    /// fewer (3 against 3 at 0.99) the bounds are null.</param>
    /// <exception cref="ArgumentException">A side has no sample, or one is not positive or beyond
    /// <see cref="SampleSummary.LargestMagnitude"/> or its reciprocal; or the confidence is out of range.</exception>
    public static BoundedEstimate Of(IReadOnlyList<double> numerator, IReadOnlyList<double> denominator, double confidence)
    {
        BoundedEstimate.CheckConfidence(confidence);
        var (above, below) = (Sorted(numerator, nameof(numerator)), Sorted(denominator, nameof(denominator)));
        var ratios = OrderedPairs.Ratios(above, below);
        return BoundedEstimate.Of(ratios.Median(), ratios, RankDistribution.MannWhitneyDepth(above.Length, below.Length, confidence), confidence);
    }

    private static double[] Sorted(IReadOnlyList<double> samples, string name)
    {
        ArgumentNullException.ThrowIfNull(samples, name);
        if (samples.Count == 0)
            throw new ArgumentException("There are 0 samples; a ratio needs 1 or more on each side.", name);
        for (var index = 0; index < samples.Count; index++)
        {
            if (samples[index] is not (>= Smallest and <= SampleSummary.LargestMagnitude))
                throw new ArgumentException($"Sample {index} is {samples[index]}; a ratio needs numbers from {Smallest} to {SampleSummary.LargestMagnitude}.", name);
        }
        return [.. samples.Order()];
    }
}
