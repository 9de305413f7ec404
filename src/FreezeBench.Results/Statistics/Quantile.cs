namespace FreezeBench.Results.Statistics;

/// <summary>Sample quantiles by linear interpolation between order statistics, position p (n - 1) counted from 0.</summary>
/// <remarks>Definition 7 of R. J. Hyndman and Y. Fan, "Sample Quantiles in Statistical Packages", The American
/// Statistician 50 (1996) 361-365. It is the default of numpy and R, so the columns can be checked with either.</remarks>
public static class Quantile
{
    /// <summary>The quantile <paramref name="probability"/> (0..1) of samples sorted in ascending order.</summary>
    /// <exception cref="ArgumentException">There is no sample.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The probability is outside 0..1.</exception>
    public static double OfSorted(IReadOnlyList<double> sorted, double probability)
    {
        if (sorted.Count == 0)
            throw new ArgumentException("There are 0 samples; a quantile needs 1 or more.", nameof(sorted));
        if (probability is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "A probability is between 0 and 1.");

        var position = probability * (sorted.Count - 1);
        var below = (int)position;
        if (below == sorted.Count - 1)
            return sorted[below];
        var (low, high) = (sorted[below], sorted[below + 1]);
        // Clamped: between two neighbours the rounding of the product can step outside them, and q1 > median would follow.
        return Math.Clamp(low + (position - below) * (high - low), low, high);
    }
}
