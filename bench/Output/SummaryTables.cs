using System.Globalization;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Freezing;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;
using FreezeBench.Results.Workloads;
using FreezeBench.Training;
using Spectre.Console;

namespace FreezeBench.Benchmarks.Output;

/// <summary>The answer on the terminal: policies side by side. Medians.</summary>
/// <param name="rows">Rows of one run.</param>
/// <param name="samples">The samples in ms that a row was made from; null: unknown, and then ratios have no bounds and are left out.</param>
public sealed class SummaryTables(IReadOnlyList<BenchmarkRow> rows, Func<BenchmarkRow, IReadOnlyList<double>>? samples = null)
{
    private readonly HashSet<char> marks = [];

    /// <summary>Writes the tables whose suites ran, each within 80 columns; ratios are of rows with the same kernels.</summary>
    public void Write(IAnsiConsole console)
    {
        if (rows.FirstOrDefault(row => row.Suite is SuiteNames.Epoch or SuiteNames.Step) is { } first)
            console.MarkupLineInterpolated($"[bold]{Title(first)}[/]");
        WritePolicies(console);
        WriteDepth(console);
        WriteEnergy(console);
        new ScalingTables(rows).Write(console);
        foreach (var row in rows.Where(row => row.Suite == SuiteNames.Scaling && row.Phase == CasePhases.Step))
            marks.UnionWith(CellText.Mark(row));
        if (marks.Overlaps("~!"))
            console.MarkupLine("[grey]~ noisy (IQR above 10 % of the median), ! very noisy (above 25 %): measure again on an idle machine.[/]");
        if (marks.Contains('^'))
            console.MarkupLine($"[grey]^ throttled ({Reasons()}): the device's clocks were held down, or ended below 90 % of what they began at.[/]");
        if (marks.Contains('*'))
            console.MarkupLine("[grey]* other programs kept more than 0.25 cores busy beside it, twice: end them.[/]");
        if (rows.Any(IsOwnSize))
            console.MarkupLine($"[grey]A size of your own: it is compared with no row of {StandardWorkloads.Version}.[/]");
    }

    // The suites that standard workloads have: the others have sizes or questions of their own.
    private static bool IsOwnSize(BenchmarkRow row) => row.Suite is SuiteNames.Epoch or SuiteNames.Step && StandardWorkloads.Of(row) is null;

    private static string Title(BenchmarkRow row) => StandardWorkloads.Of(row) is { } workload
        ? $"{workload.Name} ({StandardWorkloads.Version})"
        : string.Create(CultureInfo.InvariantCulture, $"{row.Backbone}, {row.Dataset}, {row.ResolutionPx} px, batch {row.BatchSize}, {row.Precision}: not standard");

    private void WritePolicies(IAnsiConsole console)
    {
        var policies = PoliciesOf(SuiteNames.Epoch, SuiteNames.Step);
        if (policies is [])
            return;
        var table = NewTable("policy", "epoch ms", "images/s", "speed-up", "step ms", "forward", "backward", "share");
        foreach (var policy in policies)
        {
            var epoch = Row(SuiteNames.Epoch, policy, CasePhases.Epoch);
            table.AddRow(
                policy.ToString(), Ms(epoch), Number(epoch?.ThroughputImagesPerS, "0"), Speedup(SuiteNames.Epoch, CasePhases.Epoch, policy),
                Ms(Row(SuiteNames.Step, policy, CasePhases.Step)), Ms(Row(SuiteNames.Step, policy, StepPhase.Forward.Name())),
                Ms(Row(SuiteNames.Step, policy, StepPhase.Backward.Name())), BackwardShare(policy));
        }
        console.Write(table);
        console.MarkupLine("[grey]speed-up: epoch time of fine-tune / this; share: backward as a part of the step.[/]");
        if (policies.Exists(policy => policy.Kernels == KernelKind.Plain))
            console.MarkupLine("[grey](plain): what your own TorchSharp code costs; the others are FreezeBench's fast layers. Each speed-up is within one kind.[/]");
        WriteGains(console, policies);
        if (rows.FirstOrDefault(row => row.Phase == CasePhases.FeatureExtraction) is { } extraction)
            console.MarkupLine($"[grey]frozen-cached extracts its features once, before the first epoch: {Ms(extraction)} ms.[/]");
        if (rows.FirstOrDefault(row => row.Phase == CasePhases.PairedExtraction) is { } paired && rows.FirstOrDefault(row => row.Phase == CasePhases.PairedForwardPass) is { } floor)
            console.MarkupLine($"[grey]In turn with its own forward passes alone: {Number(paired.MedianMs / floor.MedianMs, "0.000")} times as long.[/]");
        if (rows.FirstOrDefault(row => row.Phase == CasePhases.NoGradForward) is { } reference)
            console.MarkupLine($"[grey]For comparison, a forward pass alone without gradients: {Ms(reference)} ms.[/]");
    }

    // What fast layers gain where both kinds of a policy were measured in this run, with bounds from their samples.
    private void WriteGains(IAnsiConsole console, List<PolicyName> policies)
    {
        foreach (var policy in policies.Where(policy => policy.Kernels == KernelKind.Plain && samples is not null))
            if (Row(SuiteNames.Epoch, policy, CasePhases.Epoch) is { } plain && Row(SuiteNames.Epoch, policy with { Kernels = KernelKind.Fast }, CasePhases.Epoch) is { } fast)
            {
                var ratio = Ratio.Of(samples!(plain), samples(fast), confidence: 0.95);
                var bounds = ratio is { Lower: { } lower, Upper: { } upper } ? $" ({CellText.Ratio(lower)} .. {CellText.Ratio(upper)})" : "";
                console.MarkupLineInterpolated($"[grey]{policy.Policy}: an epoch of plain layers takes {CellText.Ratio(ratio.Value)}{bounds} the time of fast ones.[/]");
            }
    }

    private void WriteDepth(IAnsiConsole console)
    {
        var depths = DepthPolicies.For(quick: false).Select(policy => policy.Name).ToList();
        // From everything trained to only the head trained, as BenchmarkOptions has them.
        var policies = PoliciesOf(SuiteNames.Depth).OrderBy(policy => depths.IndexOf(policy.Policy)).ToList();
        if (policies is [])
            return;
        var table = NewTable("freezing depth", "backward ms", "step ms", "images/s", "speed-up");
        foreach (var policy in policies)
        {
            var step = Row(SuiteNames.Depth, policy, CasePhases.Step);
            table.AddRow(
                policy.ToString(), Ms(Row(SuiteNames.Depth, policy, StepPhase.Backward.Name())), Ms(step),
                Number(step?.ThroughputImagesPerS, "0"), Speedup(SuiteNames.Depth, CasePhases.Step, policy));
        }
        console.Write(table);
    }

    // Only where the hardware told; most machines do not let a user ask.
    private void WriteEnergy(IAnsiConsole console)
    {
        var known = PoliciesOf(SuiteNames.Epoch).Select(policy => Row(SuiteNames.Epoch, policy, CasePhases.Epoch)).OfType<BenchmarkRow>().Where(row => row.EnergyJ > 0).ToList();
        if (known is [])
            return;
        var table = NewTable("policy", "J per epoch", "mJ per image", "fine-tune / this");
        foreach (var row in known)
        {
            var baseline = known.Find(other => other.Policy == FreezingPolicy.FineTune.Name && other.Kernels == row.Kernels)?.EnergyJ;
            table.AddRow(new PolicyName(row.Policy, row.Kernels).ToString(), Numbers.Significant(row.EnergyJ!.Value) + (row.WereClocksHeldDown() ? "^" : ""), Numbers.Significant(1000 * row.EnergyJ.Value / row.Images), baseline is { } tuned ? CellText.Ratio(tuned / row.EnergyJ.Value) : "-");
        }
        console.Write(table);
        console.MarkupLine($"[grey]Energy of the whole device while it trained, by {string.Join(", ", known.Select(row => row.EnergySource).Distinct())}.[/]");
    }

    private string Reasons() => string.Join(", ", rows.Where(row => row.WereClocksHeldDown()).SelectMany(row => row.ThrottleReasons.Split('+')).Distinct().Order(StringComparer.Ordinal));

    private static Table NewTable(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(column) { Alignment = column == columns[0] ? Justify.Left : Justify.Right, NoWrap = true, Padding = new Padding(0) });
        return table;
    }

    private List<PolicyName> PoliciesOf(params string[] suites) =>
        [.. rows.Where(row => suites.Contains(row.Suite)).Select(row => new PolicyName(row.Policy, row.Kernels)).Distinct().InPolicyOrder(name => name)];

    private BenchmarkRow? Row(string suite, PolicyName policy, string phase) =>
        rows.FirstOrDefault(row => row.Suite == suite && row.Policy == policy.Policy && row.Kernels == policy.Kernels && row.Phase == phase);

    private string Ms(BenchmarkRow? row)
    {
        if (row is null)
            return "-";
        marks.UnionWith(CellText.Mark(row));
        return CellText.Ms(row);
    }

    private string Speedup(string suite, string phase, PolicyName policy) =>
        // With batches of another size it would be a ratio of two things at once.
        Row(suite, policy with { Policy = FreezingPolicy.FineTune.Name }, phase) is { } baseline && Row(suite, policy, phase) is { } row && row.MedianMs > 0 && row.BatchSize == baseline.BatchSize
            ? CellText.Ratio(baseline.MedianMs / row.MedianMs)
            : "-";

    private string BackwardShare(PolicyName policy) =>
        Row(SuiteNames.Step, policy, StepPhase.Backward.Name()) is { } backward && Row(SuiteNames.Step, policy, CasePhases.SynchronisedStep) is { } step
            ? Number(100 * backward.MedianMs / step.MedianMs, "0") + "%"
            : "-";

    private static string Number(double? value, string format) => value is { } known ? CellText.Number(known, format) : "-";
}
