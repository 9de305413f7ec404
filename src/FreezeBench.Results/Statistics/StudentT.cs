namespace FreezeBench.Results.Statistics;

/// <summary>Student's t distribution for whole degrees of freedom.</summary>
/// <remarks>Own code, because the exact finite series for whole degrees of freedom is short, and Math.NET, which searches up to 800 alone, fails
/// on one degree of freedom at 99.99 %:
/// M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions, equations 26.7.3 (odd) and 26.7.4 (even).
/// All of its terms are positive, so nothing cancels.</remarks>
public static class StudentT
{
    /// <summary>Beyond this the series would be slow and the t quantile moves by less than 1e-4 up to infinity.</summary>
    private const int LargestSeries = 100_000;

    /// <summary>The value that a t variable stays below with the given probability.</summary>
    /// <param name="probability">Between 0.5 and 1, both excluded; the lower half is the mirror image.</param>
    /// <param name="degreesOfFreedom">1 or more; above 100,000 the quantile of 100,000 is returned (differs by less
    /// than 1e-4).</param>
    /// <exception cref="ArgumentOutOfRangeException">A parameter is outside its range.</exception>
    public static double Quantile(double probability, int degreesOfFreedom)
    {
        if (probability is not (> 0.5 and < 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "The probability is above 0.5 and below 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(degreesOfFreedom, 1);

        var central = 2 * probability - 1;
        var freedom = Math.Min(degreesOfFreedom, LargestSeries);
        var (low, high) = (0.0, 1.0);
        while (CentralProbability(high, freedom) < central)
            (low, high) = (high, 2 * high);
        // Bisection down to neighbouring doubles: about 60 rounds, and it cannot diverge as Newton can.
        while (true)
        {
            var middle = low + (high - low) / 2;
            if (middle <= low || middle >= high)
                return middle;
            if (CentralProbability(middle, freedom) < central)
                low = middle;
            else
                high = middle;
        }
    }

    /// <summary>P(-t &lt; T &lt; t), called A(t|v) in the handbook.</summary>
    private static double CentralProbability(double t, int freedom)
    {
        var angle = Math.Atan2(t, Math.Sqrt(freedom));
        var cosine = Math.Cos(angle);
        var odd = freedom % 2 == 1;
        var (sum, term) = (0.0, odd ? cosine : 1.0);
        // Odd: cos, 2/3 cos^3, (2 4)/(3 5) cos^5 ... up to cos^(v-2). Even: 1, 1/2 cos^2, (1 3)/(2 4) cos^4 ... likewise.
        for (var power = odd ? 1 : 0; power <= freedom - 2; power += 2)
        {
            sum += term;
            term *= cosine * cosine * (power + 1) / (power + 2);
        }
        return odd ? 2 / Math.PI * (angle + Math.Sin(angle) * sum) : Math.Sin(angle) * sum;
    }
}
