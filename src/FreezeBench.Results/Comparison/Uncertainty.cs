using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Comparison;

/// <summary>How well a mean of logarithms is known.</summary>
/// <param name="Variance">Of the mean.</param>
/// <param name="Freedom">Degrees of freedom of the variance; 0: nothing is known of it, nor assumed.</param>
internal readonly record struct Uncertainty(double Variance, int Freedom)
{
    /// <summary>Half of the interval of the difference of two means whose variances need not be equal: Welch's, with Satterthwaite's degrees of
    /// freedom (see <see cref="Mean.Difference"/>); 0 where no spread is known or assumed.</summary>
    internal static double HalfWidth(Uncertainty first, Uncertainty second, double confidence)
    {
        var sum = first.Variance + second.Variance;
        if (sum <= 0)
            return 0;
        var (share, otherShare) = (first.Variance / sum, second.Variance / sum);
        // A variance of 0 has a share of 0, whatever its freedom.
        var freedom = 1 / (share * share / Math.Max(1, first.Freedom) + otherShare * otherShare / Math.Max(1, second.Freedom));
        return StudentT.Quantile(1 - (1 - confidence) / 2, Math.Max(1, (int)(freedom * (1 + 1e-12)))) * Math.Sqrt(sum);
    }
}
