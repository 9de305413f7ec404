using System.Globalization;
using FreezeBench.Benchmarks.Output;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Benchmarks.Tests;

/// <summary>The table in the README of FreezeBench.Kernels: a network that is not ours, with plain TorchSharp and with the fast layers, from the rows and samples of one run.</summary>
internal static class ReadmeKernelsTable
{
    /// <summary>In the place of a run's id where no run of such a network is committed.</summary>
    internal const string NotMeasured = "none";

    private const string Backbone = "torchvision_resnet18";

    /// <summary>The newest run that has both kinds of kernels.</summary>
    internal static string Newest(string results) => Read<BenchmarkRow>(results).Where(row => row.Backbone == Backbone && row.Suite == "step")
        .GroupBy(row => row.RunId).Where(run => run.Select(row => row.Kernels).Distinct().Count() == 2).Max(run => run.Key) ?? NotMeasured;

    internal static string Build(string run, string results)
    {
        if (run == NotMeasured)
            return "*No run of it is committed yet.*";
        var rows = Read<BenchmarkRow>(results).Where(row => row.RunId == run && row.Suite == "step" && row.Phase == "step").ToList();
        var samples = Read<SampleRow>(results).Where(sample => sample.RunId == run).ToLookup(CaseKey.Of, sample => sample.ValueMs);
        List<string> lines = ["| policy | step, plain TorchSharp | step, these lines | plain takes |", "|---|--:|--:|--:|"];
        foreach (var policy in rows.GroupBy(row => row.Policy))
        {
            var (plain, fast) = (policy.Single(row => row.Kernels == KernelKind.Plain), policy.Single(row => row.Kernels == KernelKind.Fast));
            var ratio = Ratio.Of([.. samples[CaseKey.Of(plain)]], [.. samples[CaseKey.Of(fast)]], confidence: 0.95);
            var bounds = ratio is { Lower: { } lower, Upper: { } upper } ? $" ({CellText.Ratio(lower)} .. {CellText.Ratio(upper)})" : "";
            lines.Add($"| `{policy.Key}` | {CellText.Ms(plain)} ms | {CellText.Ms(fast)} ms | {CellText.Ratio(ratio.Value)}{bounds} the time |");
        }
        var first = rows[0];
        var environment = EnvironmentFile.Read(Path.Combine(Folders(results).Single(folder => ResultStore.Read<BenchmarkRow>(Path.Combine(folder, BenchmarkRow.FileName)).Any(row => row.RunId == run)), EnvironmentFile.FileName));
        lines.Add("");
        lines.Add(
            $"*TorchVision's resnet18 as the package has it, {first.ResolutionPx} px, batch {first.BatchSize}, {first.Precision}. {EnvironmentName.Cpu(environment.Machine)}, {environment.Machine.OperatingSystem}, "
            + $"libtorch {environment.Torch.LibtorchVersion}; {first.UtcTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, n = {string.Join(" to ", rows.Select(row => row.SampleCount).Distinct().Order())} samples a cell, commit {first.Commit[..10]}.*");
        return string.Join('\n', lines);
    }

    private static IEnumerable<string> Folders(string results) => Directory.GetDirectories(results).Where(folder => File.Exists(Path.Combine(folder, BenchmarkRow.FileName)));

    private static IEnumerable<TRow> Read<TRow>(string results) where TRow : class, IResultRow =>
        Folders(results).Select(folder => Path.Combine(folder, TRow.FileName)).Where(File.Exists).SelectMany(ResultStore.Read<TRow>);
}
