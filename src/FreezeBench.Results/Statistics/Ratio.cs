using Pragmastat;

namespace FreezeBench.Results.Statistics;

/// <summary>How many times larger one case's samples are than another's.</summary>
public static class Ratio
{
    /// <summary><paramref name="numerator"/> / <paramref name="denominator"/> (median of all pairwise ratios) with bounds.</summary>
    public static BoundedEstimate Of(IReadOnlyList<double> numerator, IReadOnlyList<double> denominator, double confidence) =>
        new(Toolkit.Ratio(new Sample([.. numerator]), new Sample([.. denominator])).NominalValue, null, null, confidence);
}
