using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Freezing;
using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Training;
using Spectre.Console;

namespace FreezeBench.Benchmarks.Output;

/// <summary>The answer on the terminal: policies side by side. Medians.</summary>
/// <param name="rows">Rows of one run.</param>
public sealed class SummaryTables(IReadOnlyList<BenchmarkRow> rows)
{
    private readonly HashSet<char> marks = [];

    /// <summary>Writes the tables whose suites ran, each within 80 columns; where there are both kernels, those of each by themselves.</summary>
    public void Write(IAnsiConsole console)
    {
        if (rows.GroupBy(row => row.Kernels).ToList() is [_, _, ..] both)
        {
            foreach (var kernels in both)
            {
                console.WriteLine($"{kernels.Key.Word()} kernels");
                new SummaryTables([.. kernels]).Write(console);
            }
            return;
        }
        WritePolicies(console);
        WriteDepth(console);
        WriteEnergy(console);
        new ScalingTables(rows).Write(console);
        foreach (var row in rows.Where(row => row.Suite == SuiteNames.Scaling && row.Phase == CasePhases.Step))
            marks.UnionWith(CellText.Mark(row));
        if (marks.Overlaps("~!"))
            console.MarkupLine("[grey]~ noisy (IQR above 10 % of the median), ! very noisy (above 25 %): measure again on an idle machine.[/]");
        if (marks.Contains('^'))
            console.MarkupLine($"[grey]^ throttled ({Reasons()}): the device's clocks were held down.[/]");
    }

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
                policy, Ms(epoch), Number(epoch?.ThroughputImagesPerS, "0"), Speedup(SuiteNames.Epoch, CasePhases.Epoch, policy),
                Ms(Row(SuiteNames.Step, policy, CasePhases.Step)), Ms(Row(SuiteNames.Step, policy, StepPhase.Forward.Name())),
                Ms(Row(SuiteNames.Step, policy, StepPhase.Backward.Name())), BackwardShare(policy));
        }
        console.Write(table);
        console.MarkupLine("[grey]speed-up: epoch time of fine-tune / this; share: backward as a part of the step.[/]");
        if (rows.FirstOrDefault(row => row.Phase == CasePhases.FeatureExtraction) is { } extraction)
            console.MarkupLine($"[grey]frozen-cached extracts its features once, before the first epoch: {Ms(extraction)} ms.[/]");
        if (rows.FirstOrDefault(row => row.Phase == CasePhases.PairedExtraction) is { } paired && rows.FirstOrDefault(row => row.Phase == CasePhases.PairedForwardPass) is { } floor)
            console.MarkupLine($"[grey]In turn with its own forward passes alone: {Number(paired.MedianMs / floor.MedianMs, "0.000")} times as long.[/]");
        if (rows.FirstOrDefault(row => row.Phase == CasePhases.NoGradForward) is { } reference)
            console.MarkupLine($"[grey]For comparison, a forward pass alone without gradients: {Ms(reference)} ms.[/]");
    }

    private void WriteDepth(IAnsiConsole console)
    {
        // From everything trained to only the head trained, as BenchmarkOptions has them.
        var policies = DepthPolicies.For(quick: false).Select(policy => policy.Name).Intersect(PoliciesOf(SuiteNames.Depth)).ToList();
        if (policies is [])
            return;
        var table = NewTable("freezing depth", "backward ms", "step ms", "images/s", "speed-up");
        foreach (var policy in policies)
        {
            var step = Row(SuiteNames.Depth, policy, CasePhases.Step);
            table.AddRow(
                policy, Ms(Row(SuiteNames.Depth, policy, StepPhase.Backward.Name())), Ms(step),
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
        var baseline = known.FirstOrDefault(row => row.Policy == FreezingPolicy.FineTune.Name)?.EnergyJ;
        var table = NewTable("policy", "J per epoch", "mJ per image", "fine-tune / this");
        foreach (var row in known)
            table.AddRow(row.Policy, Numbers.Significant(row.EnergyJ!.Value) + (row.Throttled == true ? "^" : ""), Numbers.Significant(1000 * row.EnergyJ.Value / row.Images), baseline is { } tuned ? CellText.Ratio(tuned / row.EnergyJ.Value) : "-");
        console.Write(table);
        console.MarkupLine($"[grey]Energy of the whole device while it trained, by {string.Join(", ", known.Select(row => row.EnergySource).Distinct())}.[/]");
    }

    private string Reasons() => string.Join(", ", rows.Where(row => row.Throttled == true).SelectMany(row => row.ThrottleReasons.Split('+')).Distinct().Order(StringComparer.Ordinal));

    private static Table NewTable(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
            table.AddColumn(new TableColumn(column) { Alignment = column == columns[0] ? Justify.Left : Justify.Right, NoWrap = true, Padding = new Padding(0) });
        return table;
    }

    private List<string> PoliciesOf(params string[] suites) =>
        [.. rows.Where(row => suites.Contains(row.Suite)).Select(row => row.Policy).Distinct().InPolicyOrder(name => name)];

    private BenchmarkRow? Row(string suite, string policy, string phase) =>
        rows.FirstOrDefault(row => row.Suite == suite && row.Policy == policy && row.Phase == phase);

    private string Ms(BenchmarkRow? row)
    {
        if (row is null)
            return "-";
        marks.UnionWith(CellText.Mark(row));
        return CellText.Ms(row);
    }

    private string Speedup(string suite, string phase, string policy) =>
        // With batches of another size it would be a ratio of two things at once.
        Row(suite, FreezingPolicy.FineTune.Name, phase) is { } baseline && Row(suite, policy, phase) is { } row && row.MedianMs > 0 && row.BatchSize == baseline.BatchSize
            ? CellText.Ratio(baseline.MedianMs / row.MedianMs)
            : "-";

    private string BackwardShare(string policy) =>
        Row(SuiteNames.Step, policy, StepPhase.Backward.Name()) is { } backward && Row(SuiteNames.Step, policy, CasePhases.SynchronisedStep) is { } step
            ? Number(100 * backward.MedianMs / step.MedianMs, "0") + "%"
            : "-";

    private static string Number(double? value, string format) => value is { } known ? CellText.Number(known, format) : "-";
}
