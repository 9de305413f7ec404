using System.Globalization;
using FreezeBench.Accuracy.Claims;
using FreezeBench.Accuracy.Output;
using FreezeBench.Benchmarks.Output;
using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;
using FreezeBench.Training;

namespace FreezeBench.Benchmarks.Tests;

/// <summary>The README's table of accuracies, made from the rows of some runs from pretrained weights, and from nothing else.</summary>
/// <param name="Runs">
/// Run ids. A star after one says that the machine had other work meanwhile, as whoever measured there knows: the table then
/// leaves its times out, which the accuracies do not depend on.
/// </param>
internal sealed record ReadmeAccuracyTable(IReadOnlyList<string> Runs)
{
    /// <summary>All runs from pretrained weights that finished.</summary>
    internal static ReadmeAccuracyTable Newest(string results) => new(
        [.. Read<RunRow>(results).Where(row => row.Dataset != "synthetic" && row.Weights != "random" && row.Status == RunRow.Finished)
            .Select(row => row.RunId).Distinct().Order(StringComparer.Ordinal)]);

    internal string Build(string results)
    {
        var ids = Runs.Select(run => run.TrimEnd('*')).ToHashSet();
        // Of a case that was run more than once the newest run counts.
        var cases = Read<AccuracyRow>(results).Where(row => ids.Contains(row.RunId) && row.Shots is null)
            .GroupBy(row => (row.Dataset, row.Backbone, row.ResolutionPx, row.Classes, row.Policy, row.Kernels, row.Head))
            .Select(rows => (rows.Key, Rows: rows.Where(row => row.RunId == rows.Max(other => other.RunId)).ToList()))
            .OrderBy(group => group.Key.Dataset, StringComparer.Ordinal).ThenBy(group => group.Key.Backbone, StringComparer.Ordinal).ThenBy(group => group.Key.Classes)
            .ThenBy(group => Strategy.All.ToList().FindIndex(strategy => strategy.Name == group.Key.Policy)).ThenByDescending(group => group.Key.Kernels).ThenBy(group => group.Key.Head).ToList();
        List<string> lines = ["| images | network | px | classes | policy | n | epochs | test accuracy | first epoch | a later one |", "|---|---|--:|--:|---|--:|--:|--:|--:|--:|"];
        lines.AddRange(cases.Select(group => $"| {group.Key.Dataset} | {group.Key.Backbone} | {group.Key.ResolutionPx} | {group.Key.Classes} | `{group.Key.Policy}`{(group.Key.Head == HeadKind.Sgd ? "" : $" {group.Key.Head.Word()}")}{(group.Key.Kernels == KernelKind.Plain ? " (plain)" : "")} | {Cells(group.Rows)} |"));
        lines.Add("");
        lines.Add(string.Join(' ', cases.GroupBy(group => (group.Key.Dataset, group.Key.Backbone)).Select(alike => Caption(results, [.. alike.SelectMany(group => group.Rows)]))));
        lines.Add("");
        var two = cases.First(group => group.Rows[0].ClassSelection == "2").Key;
        var post = cases.Where(group => (group.Key.Dataset, group.Key.Backbone) == (two.Dataset, two.Backbone)).SelectMany(group => group.Rows).ToList();
        lines.Add($"The post's claims by the rows of {two.Backbone} on {two.Dataset} (± is two standard errors of the test set):");
        lines.Add("");
        lines.AddRange(PostClaims.Check(post).Select(claim => $"- *{claim.Statement}*: **{ClaimsReport.Word(claim.Verdict)}**. {claim.Measured}."));
        return string.Join('\n', lines);
    }

    private string Cells(List<AccuracyRow> rows)
    {
        var seeds = rows.GroupBy(row => row.Seed).Select(seed => seed.OrderBy(row => row.Epoch).ToList()).ToList();
        var accuracy = SampleSummary.Of([.. seeds.Select(epochs => 100 * epochs[^1].TestAccuracyFraction)]);
        var later = seeds.SelectMany(epochs => epochs.Skip(1)).Select(row => row.TrainTimeS).ToList();
        var spread = accuracy.StandardDeviation is { } deviation ? $" ± {CellText.Number(deviation, "0.0")}" : "";
        var times = Runs.Contains(rows[0].RunId + "*") ? "- | -" : $"{Seconds([.. seeds.Select(epochs => epochs[0].TrainTimeS)])} | {(later is [] ? "-" : Seconds(later))}";
        return $"{seeds.Count} | {seeds[0].Count} | {CellText.Number(accuracy.Mean, "0.0")}{spread} % | {times}";
    }

    private static string Caption(string results, List<AccuracyRow> rows)
    {
        var (first, environment) = (rows[0], Environment(results, rows[0].EnvironmentId));
        return $"*{first.Dataset}: {first.Backbone}, weights {first.Weights}, {rows.Max(row => row.TrainTotal)} training and {rows.Max(row => row.TestTotal)} test images, batch {first.BatchSize}, "
            + $"{first.Optimizer} with {first.Schedule}, {first.Precision}; {EnvironmentName.Cpu(environment.Machine)}, {first.Device}, "
            + $"{first.UtcTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, commit {string.Join(", ", rows.Select(row => row.Commit[..10]).Distinct())}.*";
    }

    private static EnvironmentRecord Environment(string results, string id) => EnvironmentFile.Read(Path.Combine(results, id, EnvironmentFile.FileName));

    private static IEnumerable<TRow> Read<TRow>(string results)
        where TRow : IResultRow => Directory.GetFiles(results, TRow.FileName, SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(ResultStore.Read<TRow>);

    private static string Seconds(List<double> values) => CellText.Number(SampleSummary.Of(values).Median, "0.00") + " s";
}
