namespace FreezeBench.Results.Statistics;

/// <summary>Shares of images that were classified correctly, with bounds at 95 %.</summary>
public static class Proportion
{
    /// <summary>97.5 % quantile of the normal distribution.</summary>
    private const double Z = 1.959963984540054;

    private const double Confidence = 0.95;

    /// <summary>The share <paramref name="correct"/> / <paramref name="total"/> with Wilson's score interval.</summary>
    /// <remarks>E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the American
    /// Statistical Association 22 (1927) 209-212. Unlike the normal interval it stays within 0..1 and has a width at 0 and 1.</remarks>
    /// <param name="correct">0 to <paramref name="total"/>.</param>
    /// <param name="total">1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public static BoundedEstimate Wilson(int correct, int total)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, total);
        var (share, zz) = ((double)correct / total, Z * Z / total);
        var centre = (share + zz / 2) / (1 + zz);
        var margin = Z * Math.Sqrt((share * (1 - share) + zz / 4) / total) / (1 + zz);
        // At 0 and 1 the formula meets the share but for rounding.
        return new BoundedEstimate(share, Math.Clamp(centre - margin, 0, share), Math.Clamp(centre + margin, share, 1), Confidence);
    }

    /// <summary><paramref name="first"/> minus <paramref name="second"/>, by the normal approximation for two independent
    /// proportions: plus and minus 1.96 times the root of p (1 - p) / n summed over both.</summary>
    /// <remarks>A. Agresti, Categorical Data Analysis, section 3.1. Where both saw the same images the two are not independent
    /// and rather alike, so that the true bounds are narrower. The scatter from seed to seed is not in them.</remarks>
    /// <param name="first">A share, 0..1.</param>
    /// <param name="firstTotal">Images behind it, 1 or more.</param>
    /// <param name="second">A share, 0..1.</param>
    /// <param name="secondTotal">Images behind it, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public static BoundedEstimate Difference(double first, int firstTotal, double second, int secondTotal)
    {
        var margin = Z * Math.Sqrt(Variance(first, firstTotal) + Variance(second, secondTotal));
        return new BoundedEstimate(first - second, first - second - margin, first - second + margin, Confidence);
    }

    private static double Variance(double share, int total)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(total, 1);
        if (share is not (>= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share is between 0 and 1.");
        return share * (1 - share) / total;
    }
}
