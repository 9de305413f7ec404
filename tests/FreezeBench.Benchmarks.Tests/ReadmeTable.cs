using System.Globalization;
using FreezeBench.Benchmarks.Output;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Freezing;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Workloads;

namespace FreezeBench.Benchmarks.Tests;

/// <summary>The README's table of costs, made from the rows of one run, and from nothing else.</summary>
/// <param name="BenchmarkRun">Run id of the benchmarks.</param>
internal sealed record ReadmeTable(string BenchmarkRun)
{
    /// <summary>The newest run of a standard workload with all of its policies, for a new table.</summary>
    internal static ReadmeTable Newest(string results) => new(
        Directory.GetFiles(results, BenchmarkRow.FileName, SearchOption.AllDirectories).SelectMany(ResultStore.Read<BenchmarkRow>)
            .Where(row => StandardWorkloads.Of(row) is not null && row is { Suite: "epoch", Phase: "epoch", Framework: NamedCase.OwnFramework }).GroupBy(row => row.RunId)
            .Where(run => FreezingPolicy.Standard.All(policy => run.Any(row => row.Policy == policy.Name))).Max(run => run.Key)!);

    internal string Build(string results)
    {
        var folders = Directory.GetDirectories(results).Where(folder => File.Exists(Path.Combine(folder, BenchmarkRow.FileName)));
        var (machine, rows) = folders
            .Select(folder => (folder, rows: ResultStore.Read<BenchmarkRow>(Path.Combine(folder, BenchmarkRow.FileName)).Where(row => row.RunId == BenchmarkRun).ToList()))
            .Single(pair => pair.rows.Count > 0);
        var environment = EnvironmentFile.Read(Path.Combine(machine, EnvironmentFile.FileName));

        var all = rows.Select(row => row.Kernels).Distinct().OrderByDescending(kernels => kernels).ToList();
        BenchmarkRow Row(string suite, string policy, string phase, KernelKind? kernels = null) =>
            rows.Single(row => row.Suite == suite && row.Policy == policy && row.Phase == phase && row.Kernels == (kernels ?? all[0]));
        var baseline = Row("epoch", "fine-tune", "epoch");
        List<string> lines =
        [
            "| policy | epoch | images/s | speed-up | step | forward | backward | share |",
            "|---|--:|--:|--:|--:|--:|--:|--:|",
        ];
        foreach (var (policy, kernels) in FreezingPolicy.All.SelectMany(policy => all.Select(kernels => (policy.Name, kernels))).Where(of => rows.Any(row => row.Policy == of.Name && row.Kernels == of.kernels)))
        {
            var (epoch, backward) = (Row("epoch", policy, "epoch", kernels), Row("step", policy, "backward", kernels));
            lines.Add(
                $"| `{policy}`{(kernels == KernelKind.Plain ? " (plain)" : "")} | {Ms(epoch)} | {CellText.Number(epoch.ThroughputImagesPerS!.Value, "0")} | {CellText.Ratio(Row("epoch", "fine-tune", "epoch", kernels).MedianMs / epoch.MedianMs)} | {Ms(Row("step", policy, "step", kernels))} "
                + $"| {Ms(Row("step", policy, "forward", kernels))} | {Ms(backward)} | {CellText.Number(100 * backward.MedianMs / Row("step", policy, "step_synchronised", kernels).MedianMs, "0")} % |");
        }
        var first = rows[0];
        var counts = rows.Where(row => row.Suite is "epoch" or "step" && row.Phase is "epoch" or "step" or "forward" or "backward").Select(row => row.SampleCount).Distinct().Order();
        lines.Add("");
        lines.Add(
            $"*{first.Backbone}, random weights, {first.Dataset} ({baseline.Images} images an epoch), {first.ResolutionPx} px, batch {first.BatchSize}, {first.Precision}, {string.Join("; ", all.Select(kernels => $"{(kernels == KernelKind.Plain ? "(plain) " : "")}{rows.First(row => row.Kernels == kernels).MemoryFormat}"))}. "
            + $"{EnvironmentName.Cpu(environment.Machine)}, {environment.Machine.OperatingSystem}, libtorch {environment.Torch.LibtorchVersion}, {first.Device}; "
            + $"{first.UtcTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, n = {string.Join(" to ", counts)} samples a cell, commit {first.Commit[..10]}. "
            + $"`frozen-cached` extracts its features once, in {Ms(Row("epoch", "frozen-cached", "feature_extraction"))}; a forward pass without gradients takes {Ms(Row("step", "frozen", "no_grad_forward"))} a batch.*");
        // Where the suite depth did not run, the phases of the suite step tell the same.
        var (suite, whole) = rows.Exists(row => row.Suite == "depth") ? ("depth", "step") : ("step", "step_synchronised");
        var depths = DepthPolicies.For(quick: false).Select(policy => $"`{policy.Name}` {Ms(Row(suite, policy.Name, "backward"))} of {Ms(Row(suite, policy.Name, whole))}");
        lines.Add("");
        lines.Add($"*Backward pass of a step by freezing depth: {string.Join(", ", depths)}.*");
        return string.Join('\n', lines);
    }

    private static string Ms(BenchmarkRow row) => CellText.Ms(row) + " ms";
}
