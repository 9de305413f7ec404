using FreezeBench.Results.Rows;
using FreezeBench.Results.Tables;

namespace FreezeBench.Results.Reports;

/// <summary>Writes the first screen: the sentences, and the machines in a table.</summary>
internal static class MarkdownOverview
{
    internal static void Write(Overview overview, MarkdownWriter table)
    {
        foreach (var sentence in overview.Sentences)
            table.Line($"- {MarkdownText.Plain(sentence)}");
        table.Line();
        if (overview.Machines.Count == 0)
            return;
        var notes = new Notes();
        table.Block($"## Machines, the fastest first: {MarkdownText.Plain(overview.Settings!)}");
        List<(string Head, Func<MachineRow, string?> Cell)> columns = [];
        foreach (var kernels in new[] { KernelKind.Fast, KernelKind.Plain })
        {
            foreach (var policy in MachineColumns.Policies)
                columns.Add(($"{new PolicyName(policy, kernels).Markdown}, images/s", machine => notes.Cell(machine.Of(policy, kernels)?.ImagesPerS, rate => Numbers.Rate(rate.Value))));
            columns.Add(($"speed-up{Plain(kernels)}", machine => notes.Cell(machine.Of("frozen", kernels)?.SpeedUp, Numbers.Times)));
            columns.Add(($"backward share{Plain(kernels)}", machine => machine.Of(Overviews.Baseline, kernels)?.BackwardShare is { } share ? Numbers.Percent(share) : null));
            columns.Add(($"peak memory{Plain(kernels)}", machine => notes.Cell(machine.Of(Overviews.Baseline, kernels)?.PeakMemoryBytes, bytes => Numbers.Bytes(bytes.Value))));
        }
        foreach (var name in MachineColumns.Costs)
            columns.Add(($"an epoch of {name.Markdown}, EUR", machine => notes.Cell(machine.EpochEur(name), cost => Numbers.Significant(cost.Value))));
        foreach (var twin in MachineColumns.Twins(overview))
            columns.Add(($"{MarkdownText.Plain(twin.Framework)} by ours, {new PolicyName(twin.Policy, twin.Kernels).Markdown}", machine => notes.Cell(machine.TimesOurs(twin), Numbers.Times)));
        List<IReadOnlyList<string?>> rows = [.. overview.Machines.Select(machine => (IReadOnlyList<string?>)[MarkdownText.Plain(machine.Name), .. columns.Select(column => column.Cell(machine))])];
        table.Table(["machine", .. columns.Select(column => column.Head)], rows);
        foreach (var note in overview.Notes)
            table.Block(MarkdownText.Plain(note));
        MarkdownEnvironment.Write(notes, table);
    }

    private static string Plain(KernelKind kernels) => kernels == KernelKind.Plain ? " (plain)" : "";
}
