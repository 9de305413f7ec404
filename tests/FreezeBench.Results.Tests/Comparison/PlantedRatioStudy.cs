using System.Globalization;
using FreezeBench.Results.Comparison;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Tests.Comparison;

/// <summary>Pairs of machines whose ratio is known: each launch of a process draws a level that all its cases share, and each case in it one of its own.</summary>
internal static class PlantedRatioStudy
{
    internal static IReadOnlyList<double> Ratios { get; } = [1.0, 1.05, 1.2, 2.0];

    internal const string Heading = "| spread of BASE, DIFF | runs | planted | slower | faster | equivalent | undecided | mean: slower | mean: faster | mean: bounds hold the truth |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n";

    private static readonly string[] policies = ["fine-tune", "frozen", "from-layer1", "from-layer2", "from-layer3", "from-layer4"];

    /// <summary>One row of the table.</summary>
    /// <param name="first">Spread from run to run of BASE; half of its variance is common to the cases of a run.</param>
    /// <param name="second">That of DIFF.</param>
    /// <param name="runs">Runs a machine.</param>
    /// <param name="ratio">Time of DIFF divided by that of BASE.</param>
    /// <param name="trials">Pairs of machines, of six cases each.</param>
    internal static PlantedRatioCell Cell(double first, double second, int runs, double ratio, int trials)
    {
        var comparisons = Enumerable.Range(0, trials).Select(trial =>
        {
            var source = new Simulated(10_000 * runs + trial);
            var (bases, diffs) = (Draw(source, "a", runs, first, 1), Draw(source, "b", runs, second, ratio));
            return ResultComparison.Of(MadeUpMachines.Side("base", [MadeUpMachines.Epyc, MadeUpMachines.Xeon], bases),
                MadeUpMachines.Side("diff", [MadeUpMachines.Epyc, MadeUpMachines.Xeon], diffs.Select(measured => measured with { Row = measured.Row with { EnvironmentId = MadeUpMachines.Xeon.Id, Threads = 8 } })), new ComparisonOptions());
        }).ToList();
        return new PlantedRatioCell(string.Create(CultureInfo.InvariantCulture, $"{first * 100:0} %, {second * 100:0} %"), runs, ratio, comparisons);
    }

    private static List<MeasuredCase> Draw(Simulated source, string prefix, int runs, double spread, double ratio)
    {
        return [.. Enumerable.Range(0, runs).SelectMany(run =>
        {
            var level = spread * Math.Sqrt(0.5) * source.NextNormal();
            return policies.Select((policy, place) =>
            {
                var centre = 50 * (place + 1) * ratio * Math.Exp(level + spread * Math.Sqrt(0.5) * source.NextNormal());
                return Measured.Case($"{prefix}{run}", [.. Enumerable.Range(0, 10).Select(_ => centre * Math.Exp(0.02 * source.NextNormal()))], "epoch", policy, MadeUpMachines.Standard);
            }).ToList();
        })];
    }
}
