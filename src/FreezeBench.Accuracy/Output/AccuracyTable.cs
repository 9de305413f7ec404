using System.Globalization;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;
using Spectre.Console;

namespace FreezeBench.Accuracy.Output;

/// <summary>The answer on the terminal: what each policy reached and what an epoch of it cost.</summary>
public static class AccuracyTable
{
    /// <summary>Writes a line for each policy, head, number of shots, class selection and set of kernels, over its seeds, within 80 columns.</summary>
    /// <param name="console">Standard output.</param>
    /// <param name="rows">Of one invocation.</param>
    /// <param name="ends">How its runs ended, where one has several rows the last.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<AccuracyRow> rows, IReadOnlyList<RunRow> ends)
    {
        var target = ends.Select(end => end.TargetAccuracyFraction).FirstOrDefault(value => value is not null);
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in Titles(target, rows.Any(row => row.Shots is not null)))
            table.AddColumn(new TableColumn(column) { Alignment = column.StartsWith("policy", StringComparison.Ordinal) ? Justify.Left : Justify.Right, NoWrap = true, Padding = new Padding(0) });
        foreach (var group in rows.GroupBy(row => (row.Policy, row.ClassSelection, row.Classes, row.Kernels, row.Head, row.Shots)))
        {
            var ofGroup = ends.Where(end => (end.Policy, end.ClassSelection, end.Kernels, end.Head, end.Shots) == (group.Key.Policy, group.Key.ClassSelection, group.Key.Kernels, group.Key.Head, group.Key.Shots)).ToList();
            var name = new PolicyName(group.Key.Policy, group.Key.Kernels, group.Key.Head);
            table.AddRow([.. Cells([.. group], ofGroup, target).Prepend($"{name}{(group.Key.Shots is { } shots ? $", {shots}" : "")}").Select(cell => cell.EscapeMarkup())]);
        }
        console.Write(table);
        foreach (var (policy, asked, used) in rows.Where(row => row.BatchSize < row.AskedBatchSize).Select(row => (row.Policy, row.AskedBatchSize!.Value, row.BatchSize)).Distinct())
            console.WriteLine(RunText.LoweredBatch(policy, asked, used));
    }

    private static IEnumerable<string> Titles(double? target, bool withShots) =>
        [withShots ? "policy, shots" : "policy", "cl.", "n", "ep.", "accuracy", "test loss", "1st s", "later s", target is null ? "BN drift" : "s to target"];

    private static IEnumerable<string> Cells(List<AccuracyRow> rows, List<RunRow> ends, double? target)
    {
        var seeds = rows.GroupBy(row => row.Seed).Select(seed => seed.OrderBy(row => row.Epoch).ToList()).ToList();
        var last = seeds.Select(epochs => epochs[^1]).ToList();
        var accuracy = SampleSummary.Of([.. last.Select(row => 100 * row.TestAccuracyFraction)]);
        var later = seeds.SelectMany(epochs => epochs.Skip(1)).Select(row => row.TrainTimeS).ToList();
        yield return Text(rows[0].Classes, "0");
        yield return Text(seeds.Count, "0");
        yield return Text(last.Max(row => row.Epoch), "0");
        yield return Text(accuracy.Mean, "0.0") + (accuracy.StandardDeviation is { } spread ? " ±" + Text(spread, "0.0") : "") + " %";
        yield return Text(last.Average(row => row.TestLoss), "0.000");
        // A seed that found its features on disk says nothing of what they cost; where all did, there is nothing else to show.
        var extracted = seeds.Where(epochs => epochs[0].FeatureCache != AccuracyRow.FeaturesFromDisk).ToList();
        yield return Time(SampleSummary.Of([.. (extracted is [] ? seeds : extracted).Select(epochs => epochs[0].TrainTimeS)]).Median);
        yield return later is [] ? "-" : Time(SampleSummary.Of(later).Median);
        yield return target is null
            ? last.Max(row => row.BatchNormDrift) is { } drift ? Text(drift, "0.###") : "-"
            : Seconds(ends);
    }

    // A seed that did not get there has no time, so a mean over the others would flatter the policy.
    private static string Seconds(List<RunRow> ends)
    {
        var reached = ends.Select(end => end.TargetTrainTimeS).OfType<double>().ToList();
        return reached.Count == ends.Count && reached is not [] ? Text(reached.Average(), "0.0") : reached is [] ? "not reached" : $"{reached.Count} of {ends.Count}";
    }

    // Hours of seconds leave no room for hundredths in 80 columns, nor does anybody miss them.
    private static string Time(double seconds) => Text(seconds, seconds < 1000 ? "0.00" : "0");

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
