using System.Globalization;
using FreezeBench.Accuracy.Claims;
using FreezeBench.Accuracy.Runs;
using FreezeBench.Benchmarks.Output;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Benchmarks.Tests;

/// <summary>The README's table of accuracies, made from the rows of some runs from pretrained weights, and from nothing else.</summary>
/// <param name="Runs">Run ids, in the table's order.</param>
internal sealed record ReadmeAccuracyTable(IReadOnlyList<string> Runs)
{
    /// <summary>Of each data set the newest run that finished, from pretrained weights.</summary>
    internal static ReadmeAccuracyTable Newest(string results) => new(
        [.. Read<RunRow>(results).Where(row => row.Dataset != "synthetic" && row.Weights != "random" && row.Status == RunRows.Finished)
            .GroupBy(row => row.Dataset).Select(runs => runs.Max(row => row.RunId)!).Order(StringComparer.Ordinal)]);

    internal string Build(string results)
    {
        var rows = Read<AccuracyRow>(results).Where(row => Runs.Contains(row.RunId)).ToList();
        List<string> lines = ["| images | px | classes | policy | n | epochs | test accuracy | first epoch | a later one |", "|---|--:|--:|---|--:|--:|--:|--:|--:|"];
        foreach (var group in Runs.SelectMany(run => rows.Where(row => row.RunId == run).GroupBy(row => (row.RunId, row.Dataset, row.ResolutionPx, row.Classes, row.Policy))))
            lines.Add($"| {group.Key.Dataset} | {group.Key.ResolutionPx} | {group.Key.Classes} | `{group.Key.Policy}` | {Cells([.. group])} |");
        lines.Add("");
        lines.AddRange(Runs.Select(run => Caption(results, [.. rows.Where(row => row.RunId == run)])).SelectMany(caption => new[] { caption, "" }));
        var post = rows.Where(row => row.RunId == rows.Where(candidate => candidate.ClassSelection == "2").Max(candidate => candidate.RunId)).ToList();
        lines.Add($"The post's claims by the rows of {post[0].Dataset} (± is two standard errors of the test set):");
        lines.Add("");
        lines.AddRange(PostClaims.Check(post).Select(claim => $"- *{claim.Statement}*: **{Word(claim.Verdict)}**. {claim.Measured}."));
        return string.Join('\n', lines);
    }

    private static string Cells(List<AccuracyRow> rows)
    {
        var seeds = rows.GroupBy(row => row.Seed).Select(seed => seed.OrderBy(row => row.Epoch).ToList()).ToList();
        var accuracy = SampleSummary.Of([.. seeds.Select(epochs => 100 * epochs[^1].TestAccuracyFraction)]);
        var later = seeds.SelectMany(epochs => epochs.Skip(1)).Select(row => row.TrainTimeS).ToList();
        var spread = accuracy.StandardDeviation is { } deviation ? $" ± {CellText.Number(deviation, "0.0")}" : "";
        return $"{seeds.Count} | {seeds[0].Count} | {CellText.Number(accuracy.Mean, "0.0")}{spread} % | {Seconds([.. seeds.Select(epochs => epochs[0].TrainTimeS)])} | {(later is [] ? "-" : Seconds(later))}";
    }

    private static string Caption(string results, List<AccuracyRow> rows)
    {
        var (first, environment) = (rows[0], Environment(results, rows[0].EnvironmentId));
        return $"*{first.Dataset}: {first.Backbone}, weights {first.Weights}, {rows.Max(row => row.TrainTotal)} training and {rows.Max(row => row.TestTotal)} test images, batch {first.BatchSize}, "
            + $"{first.Optimizer} with {first.Schedule}, {first.Precision}; {environment.Machine.CpuModel}, {environment.Machine.LogicalCores} cores, {first.Device}, "
            + $"{first.UtcTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, commit {first.Commit[..10]}.*";
    }

    private static EnvironmentRecord Environment(string results, string id) => EnvironmentFile.Read(Path.Combine(results, id, EnvironmentFile.FileName));

    private static IEnumerable<TRow> Read<TRow>(string results)
        where TRow : IResultRow => Directory.GetFiles(results, TRow.FileName, SearchOption.AllDirectories).Order(StringComparer.Ordinal).SelectMany(ResultStore.Read<TRow>);

    private static string Seconds(List<double> values) => CellText.Number(SampleSummary.Of(values).Median, "0.00") + " s";

    private static string Word(Verdict verdict) => verdict switch
    {
        Verdict.Held => "held",
        Verdict.DidNotHold => "did not hold",
        Verdict.Undecided => "undecided",
        _ => "not measured",
    };
}
