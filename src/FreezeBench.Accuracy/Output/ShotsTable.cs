using System.Globalization;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;
using Spectre.Console;

namespace FreezeBench.Accuracy.Output;

/// <summary>Accuracy by images of each class, as a table of Markdown that can stand in a README.</summary>
public static class ShotsTable
{
    /// <summary>Writes a line for each policy and class selection, a column for each number of shots; nothing where no run has any.</summary>
    /// <param name="console">Standard output.</param>
    /// <param name="rows">Of one invocation.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<AccuracyRow> rows)
    {
        var shots = rows.Select(row => row.Shots).OfType<int>().Distinct().Order().ToList();
        if (shots.Count == 0)
            return;
        // Past the console, which would break a long line.
        void Line(IEnumerable<string> cells) => console.Profile.Out.Writer.WriteLine($"| {string.Join(" | ", cells)} |");
        var last = rows.GroupBy(TrainingRunKey.Of).Select(run => run.MaxBy(row => row.Epoch)!).ToList();
        var seeds = last.Select(row => row.Seed).Distinct().Count();
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Test accuracy in % by training images of each class: {(seeds == 1 ? "one seed, in brackets Wilson's 95 % bounds of the test images" : $"mean of {seeds} seeds, in brackets Student's 95 % bounds")}:"));
        Line(["policy", "classes", .. shots.Select(count => count.ToString(CultureInfo.InvariantCulture))]);
        Line(["---", "---:", .. shots.Select(_ => "---:")]);
        foreach (var policy in last.GroupBy(row => (row.Policy, row.Kernels, row.Head, row.ClassSelection, row.Classes)))
            Line(
            [
                new PolicyName(policy.Key.Policy, policy.Key.Kernels, policy.Key.Head).ToString(), policy.Key.Classes.ToString(CultureInfo.InvariantCulture),
                .. shots.Select(count => Cell([.. policy.Where(row => row.Shots == count)])),
            ]);
    }

    private static string Cell(IReadOnlyList<AccuracyRow> seeds)
    {
        if (seeds.Count == 0)
            return "-";
        var accuracy = seeds is [var only] ? Proportion.Wilson(only.TestCorrect, only.TestTotal) with { Value = only.TestAccuracyFraction } : Mean.Of([.. seeds.Select(row => row.TestAccuracyFraction)]);
        return Text(accuracy.Value) + (accuracy is { Lower: { } lower, Upper: { } upper } ? $" ({Text(Math.Max(0, lower))} to {Text(Math.Min(1, upper))})" : "");
    }

    private static string Text(double fraction) => Numbers.Points(fraction);
}
