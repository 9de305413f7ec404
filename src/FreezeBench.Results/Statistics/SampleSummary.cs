namespace FreezeBench.Results.Statistics;

/// <summary>Location and spread of one case's samples, in the samples' own unit. Nothing is trimmed or rounded.</summary>
public sealed record SampleSummary
{
    /// <summary>Largest magnitude accepted: above it the squares of the deviations leave the range of a double.</summary>
    public const double LargestMagnitude = 1e150;

    /// <summary>Whether a number is finite and of a magnitude that statistics can be made of.</summary>
    // Written so that NaN, which compares false with everything, is none.
    internal static bool IsUsable(double number) => Math.Abs(number) <= LargestMagnitude;

    /// <summary>Number of samples, 1 or more.</summary>
    public required int Count { get; init; }

    /// <summary>Arithmetic mean.</summary>
    public required double Mean { get; init; }

    /// <summary>Median: the mean of the two middle samples where the count is even.</summary>
    public required double Median { get; init; }

    /// <summary>Sample standard deviation (divisor n - 1); null for one sample, whose spread nobody knows.</summary>
    public required double? StandardDeviation { get; init; }

    /// <summary>Smallest sample.</summary>
    public required double Min { get; init; }

    /// <summary>Largest sample.</summary>
    public required double Max { get; init; }

    /// <summary>25 % quantile, by <see cref="Quantile"/>'s definition.</summary>
    public required double LowerQuartile { get; init; }

    /// <summary>75 % quantile, by <see cref="Quantile"/>'s definition.</summary>
    public required double UpperQuartile { get; init; }

    /// <summary>Interquartile range: upper minus lower quartile.</summary>
    public double InterquartileRange => UpperQuartile - LowerQuartile;

    /// <summary>Half of the 99 % confidence interval of the mean, t(0.995, n - 1) s / sqrt(n); null for one sample.</summary>
    /// <remarks>Student's interval supposes independent, roughly normal samples. Step times are skewed to the right, so
    /// the interval describes the mean's uncertainty and is no basis for a verdict between two cases.</remarks>
    public required double? ConfidenceMargin99 { get; init; }

    /// <summary>Lower end of the 99 % confidence interval of the mean; null for one sample.</summary>
    public double? ConfidenceLower99 => Mean - ConfidenceMargin99;

    /// <summary>Upper end of the 99 % confidence interval of the mean; null for one sample.</summary>
    public double? ConfidenceUpper99 => Mean + ConfidenceMargin99;

    /// <summary>Summarises <paramref name="samples"/>; their order does not matter and they are not changed.</summary>
    /// <exception cref="ArgumentException">There is no sample, or one is not finite or beyond
    /// <see cref="LargestMagnitude"/>.</exception>
    public static SampleSummary Of(IReadOnlyList<double> samples)
    {
        if (samples.Count == 0)
            throw new ArgumentException("There are 0 samples; a summary needs 1 or more.", nameof(samples));
        for (var index = 0; index < samples.Count; index++)
        {
            if (!IsUsable(samples[index]))
                throw new ArgumentException($"Sample {index} is {samples[index]}; it must be finite and at most {LargestMagnitude}.", nameof(samples));
        }

        // Sorting first makes every sum independent of the order in which the samples came.
        double[] sorted = [.. samples.Order()];
        var mean = Math.Clamp(sorted.Sum() / sorted.Length, sorted[0], sorted[^1]);
        double? deviation = sorted.Length == 1
            ? null
            : Math.Sqrt(sorted.Sum(sample => (sample - mean) * (sample - mean)) / (sorted.Length - 1));
        return new SampleSummary
        {
            Count = sorted.Length,
            Mean = mean,
            Median = Quantile.OfSorted(sorted, 0.5),
            StandardDeviation = deviation,
            Min = sorted[0],
            Max = sorted[^1],
            LowerQuartile = Quantile.OfSorted(sorted, 0.25),
            UpperQuartile = Quantile.OfSorted(sorted, 0.75),
            ConfidenceMargin99 = deviation is { } spread
                ? StudentT.Quantile(0.995, sorted.Length - 1) * spread / Math.Sqrt(sorted.Length)
                : null,
        };
    }
}
