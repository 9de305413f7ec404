using System.Globalization;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Freezing;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using FreezeBench.Results.Statistics;
using FreezeBench.Results.Workloads;

namespace FreezeBench.Benchmarks.Tests;

/// <summary>The README's table of costs: the report's own figures of some runs, so that the two never say unlike things.</summary>
/// <param name="Runs">Ids of the rounds.</param>
internal sealed record ReadmeTable(IReadOnlyList<string> Runs)
{
    /// <summary>The rounds of the newest commit that measured a standard workload with all of its policies, for a new table.</summary>
    internal static ReadmeTable Newest(string results)
    {
        var rounds = ResultSet.Load(results).Environments.SelectMany(environment => environment.Cases).Select(measured => measured.Row)
            .Where(row => StandardWorkloads.Of(row) is not null && row is { Suite: SuiteNames.Epoch, Phase: CasePhases.Epoch, Framework: NamedCase.OwnFramework }).GroupBy(row => row.RunId)
            .Where(run => FreezingPolicy.Standard.All(policy => run.Any(row => row.Policy == policy.Name))).Select(run => run.First()).ToList();
        var newest = rounds.MaxBy(row => row.RunId, StringComparer.Ordinal)!;
        return new([.. rounds.Where(row => (row.Commit, row.EnvironmentId) == (newest.Commit, newest.EnvironmentId)).Select(row => row.RunId).Order(StringComparer.Ordinal)]);
    }

    internal string Build(string results)
    {
        var measured = ResultSet.Load(results).Environments
            .Select(environment => environment with { Cases = [.. environment.Cases.Where(measured => Runs.Contains(measured.Row.RunId))] }).Single(environment => environment.Cases.Count > 0);
        // Plain kernels have another memory format, and so a group of their own.
        var groups = ReportBuilder.Build(new ResultSet([measured])).Environments.Single().Times;
        List<string> lines = ["| policy | epoch | images/s | speed-up | step | forward | backward | share |", "|---|--:|--:|--:|--:|--:|--:|--:|"];
        foreach (var policy in FreezingPolicy.All.SelectMany(policy => groups.SelectMany(group => group.Policies).Where(times => times.Policy == policy.Name).OrderBy(times => times.Kernels == KernelKind.Plain)))
        {
            string Phase(string name) => Time(policy.Phases.Single(phase => phase.Phase == name).TimeMs);
            lines.Add(
                $"| `{policy.Policy}`{(policy.Kernels == KernelKind.Plain ? " (plain)" : "")} | {Time(policy.EpochMs!)} | {Numbers.Rate(policy.ImagesPerS!.Value)} | {Numbers.Times(policy.SpeedUp!)} | {Time(policy.StepMs!)} "
                + $"| {Phase("forward")} | {Phase("backward")} | {Numbers.Percent(policy.BackwardShare!.Value)} |");
        }
        Figure Other(string policy, string phase) => groups.SelectMany(group => group.Others).Single(other => other.Policy == policy && other.Phase == phase && other.Kernels != KernelKind.Plain).TimeMs;
        var origin = groups[0].Policies[0].EpochMs!.Origin;
        var rows = measured.Cases.Select(measured => measured.Row).ToList();
        var (first, machine) = (rows[0], measured.Environment.Machine);
        lines.Add("");
        lines.Add(
            $"*{groups[0].Settings}; (plain) {rows.First(row => row.Kernels == KernelKind.Plain).MemoryFormat}. {EnvironmentName.Cpu(machine)}, {machine.OperatingSystem}, libtorch {measured.Environment.Torch.LibtorchVersion}; "
            + $"{origin.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, n = {origin.Count} rounds of {string.Join(" to ", rows.Select(row => row.SampleCount).Distinct().Order())} samples a cell, commit {Numbers.Commit(first.Commit)}. "
            + $"`frozen-cached` extracts its features once, in {Time(Other("frozen-cached", CasePhases.FeatureExtraction))}; a forward pass without gradients takes {Time(Other("frozen", CasePhases.NoGradForward))} a batch.*");
        return string.Join('\n', lines);
    }

    private static string Time(Figure figure) => Numbers.Time(figure.Value) + figure.Origin.Noise switch { NoiseVerdict.Noisy => " ~", NoiseVerdict.VeryNoisy => " !", _ => "" };
}
