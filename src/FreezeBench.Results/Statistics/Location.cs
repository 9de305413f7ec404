using Pragmastat;

namespace FreezeBench.Results.Statistics;

/// <summary>Where the samples of a case lie.</summary>
public static class Location
{
    /// <summary>The centre of <paramref name="samples"/> with distribution-free bounds.</summary>
    /// <remarks>
    /// The centre is the median of all averages of two samples, each with itself too (J. L. Hodges and E. L. Lehmann, Annals of
    /// Mathematical Statistics 34 (1963) 598-611; Pragmastat's Center). It withstands up to 29 % of samples gone astray and
    /// scatters little more than the mean. The bounds are two of the same averages, by inverting Wilcoxon's signed-rank test
    /// (Hollander and Wolfe, section 3.3), exact up to 100 samples. They suppose samples that are independent and symmetric about
    /// their centre; step times are skewed, for which the bounds hold for this centre closely, though not for the mean.
    /// Ties only make the bounds wider than their level. The cost grows as n log n: no sample is left out.
    /// </remarks>
    /// <param name="samples">1 or more, finite, in any order and unit; not changed.</param>
    /// <param name="confidence">Level of the bounds, above 0 and below 1. 0.95 needs 6 samples, 0.99 needs 8: with fewer the bounds
    /// are null.</param>
    /// <exception cref="ArgumentException">There is no sample, or one is not finite or beyond
    /// <see cref="SampleSummary.LargestMagnitude"/>; or the confidence is out of range.</exception>
    public static BoundedEstimate Of(IReadOnlyList<double> samples, double confidence)
    {
        BoundedEstimate.CheckConfidence(confidence);
        if (samples.Count == 0)
            throw new ArgumentException("There are 0 samples; a centre needs 1 or more.", nameof(samples));
        for (var index = 0; index < samples.Count; index++)
        {
            if (!SampleSummary.IsUsable(samples[index]))
                throw new ArgumentException($"Sample {index} is {samples[index]}; it must be finite and at most {SampleSummary.LargestMagnitude}.", nameof(samples));
        }

        double[] sorted = [.. samples.Order()];
        var centre = new Sample(sorted, Pragmastat.Metrology.NumberUnit.Instance).Center().NominalValue;
        return BoundedEstimate.Of(centre, OrderedPairs.WalshAverages(sorted), RankDistribution.SignedRankDepth(sorted.Length, confidence), confidence);
    }
}
