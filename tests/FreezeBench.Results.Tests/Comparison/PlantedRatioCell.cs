using System.Globalization;
using FreezeBench.Results.Comparison;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Tests.Comparison;

/// <summary>How often verdicts and geometric means were right, over all pairs of machines of one source, number of runs and planted ratio.</summary>
internal sealed record PlantedRatioCell(string Spreads, int Runs, double Planted, IReadOnlyList<ResultComparison> Comparisons)
{
    internal double Share(Verdict verdict) => (double)Comparisons.Sum(comparison => comparison.Count(verdict)) / Comparisons.Sum(comparison => comparison.Cases.Count);

    /// <summary>Share of the means that call DIFF slower.</summary>
    internal double MeanSlower => Mean(ratio => ratio.Lower > 1);

    internal double MeanFaster => Mean(ratio => ratio.Upper < 1);

    internal double MeanHoldsTheTruth => Mean(ratio => ratio.Lower <= Planted && ratio.Upper >= Planted);

    internal string Row() => string.Create(CultureInfo.InvariantCulture,
        $"| {Spreads} | {Runs} | {Planted:0.00}x | {Share(Verdict.Worse):0.0%} | {Share(Verdict.Better):0.0%} | {Share(Verdict.Equivalent):0.0%} | {Share(Verdict.Undecided):0.0%} | {MeanSlower:0.0%} | {MeanFaster:0.0%} | {MeanHoldsTheTruth:0.0%} |\n");

    private double Mean(Func<BoundedEstimate, bool> holds) => Comparisons.Average(comparison => holds(comparison.Overall!.Ratio) ? 1.0 : 0);
}
