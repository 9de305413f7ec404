using System.Globalization;
using FreezeBench.Results.Comparison;

namespace FreezeBench.Results.Tests.Comparison;

/// <summary>Verdicts counted over all comparisons of one source, number of runs a side and planted shift.</summary>
internal sealed record ShiftCell(string Source, int Runs, double Shift, IReadOnlyDictionary<Verdict, int> Counts)
{
    internal const string Heading = "| source | runs a side | planted | worse | better | equivalent | undecided | cases |\n|---|--:|--:|--:|--:|--:|--:|--:|\n";

    internal static ShiftCell Of(string source, int runs, double shift, IEnumerable<ResultComparison> comparisons)
    {
        var verdicts = comparisons.SelectMany(comparison => comparison.Cases).Select(entry => entry.Verdict).ToList();
        return new ShiftCell(source, runs, shift, Enum.GetValues<Verdict>().ToDictionary(verdict => verdict, verdict => verdicts.Count(other => other == verdict)));
    }

    private int Total => Counts.Values.Sum();

    internal double Share(Verdict verdict) => (double)Counts[verdict] / Total;

    internal string Row() => string.Create(CultureInfo.InvariantCulture,
        $"| {Source} | {Runs} | {Shift * 100:0} % | {Percent(Verdict.Worse)} | {Percent(Verdict.Better)} | {Percent(Verdict.Equivalent)} | {Percent(Verdict.Undecided)} | {Total} |\n");

    private string Percent(Verdict verdict) => (Share(verdict) * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
