namespace FreezeBench.Results.Statistics;

/// <summary>Means over few values, such as one for each seed, with bounds at 95 % by Student's t.</summary>
public static class Mean
{
    private const double Confidence = 0.95;

    private const double UpperTail = (1 + Confidence) / 2;

    /// <summary>The mean, plus and minus t(0.975, n - 1) s / sqrt(n); no bounds for one value, whose scatter nobody knows.</summary>
    /// <exception cref="ArgumentException">There is no value, or one is not finite.</exception>
    public static BoundedEstimate Of(IReadOnlyList<double> values)
    {
        var (mean, variance) = Moments(values);
        if (variance is not { } known)
            return new BoundedEstimate(mean, null, null, Confidence);
        var margin = StudentT.Quantile(UpperTail, values.Count - 1) * Math.Sqrt(known / values.Count);
        return new BoundedEstimate(mean, mean - margin, mean + margin, Confidence);
    }

    /// <summary>Mean of <paramref name="first"/> minus mean of <paramref name="second"/>, with bounds by Welch's t.</summary>
    /// <remarks>B. L. Welch, "The generalization of 'Student's' problem when several different population variances are
    /// involved", Biometrika 34 (1947) 28-35; degrees of freedom by Satterthwaite's formula, rounded down, which errs on the
    /// side of wide bounds.</remarks>
    /// <param name="first">1 or more; with one the bounds are null.</param>
    /// <param name="second">Likewise.</param>
    /// <exception cref="ArgumentException">A side has no value, or one is not finite.</exception>
    public static BoundedEstimate Difference(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        var ((mean, variance), (otherMean, otherVariance)) = (Moments(first), Moments(second));
        var difference = mean - otherMean;
        if (variance / first.Count is not { } part || otherVariance / second.Count is not { } otherPart)
            return new BoundedEstimate(difference, null, null, Confidence);
        var sum = part + otherPart;
        // Without any scatter the degrees of freedom are 0 / 0.
        if (sum == 0)
            return new BoundedEstimate(difference, difference, difference, Confidence);
        // Through shares of the sum, because squares of tiny variances would leave the range of a double.
        var (share, otherShare) = (part / sum, otherPart / sum);
        var freedom = 1 / (share * share / (first.Count - 1) + otherShare * otherShare / (second.Count - 1));
        var margin = StudentT.Quantile(UpperTail, Math.Max(1, (int)(freedom * (1 + 1e-12)))) * Math.Sqrt(sum);
        return new BoundedEstimate(difference, difference - margin, difference + margin, Confidence);
    }

    private static (double Mean, double? Variance) Moments(IReadOnlyList<double> values)
    {
        var summary = SampleSummary.Of(values);
        return (summary.Mean, summary.StandardDeviation * summary.StandardDeviation);
    }
}
