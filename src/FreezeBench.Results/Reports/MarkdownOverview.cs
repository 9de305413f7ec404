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
        Costs(overview, table);
        var notes = new Notes();
        table.Block($"## Machines, the fastest first: {MarkdownText.Plain(overview.Settings!)}");
        List<(string Head, Func<MachineRow, string?> Cell)> columns = [];
        foreach (var kernels in new[] { KernelKind.Fast, KernelKind.Plain })
        {
            if (kernels == KernelKind.Plain)
                columns.Add(($"PyTorch by ours, {MarkdownText.Name(MachineColumns.TwinPolicy)}", machine => machine.Twin(MachineColumns.TwinPolicy) is { } twin ? $"{notes.Cell(twin.TimesOurs, Numbers.Times)} {MarkdownText.Plain(twin.Framework)}{Plain(twin.Kernels)}" : null));
            foreach (var policy in MachineColumns.Policies)
                columns.Add(($"{new PolicyName(policy, kernels).Markdown}, images/s", machine => notes.Cell(machine.Of(policy, kernels)?.ImagesPerS, rate => Numbers.Rate(rate.Value))));
            columns.Add(($"speed-up{Plain(kernels)}", machine => notes.Cell(machine.Of("frozen", kernels)?.SpeedUp, Numbers.Times)));
            columns.Add(($"backward share{Plain(kernels)}", machine => machine.Of(Overviews.Baseline, kernels)?.BackwardShare is { } share ? Numbers.Percent(share) : null));
            columns.Add(($"peak memory{Plain(kernels)}", machine => notes.Cell(machine.Of(Overviews.Baseline, kernels)?.PeakMemoryBytes, bytes => Numbers.Bytes(bytes.Value))));
        }
        foreach (var name in MachineColumns.Costs)
            columns.Add(($"an epoch of {name.Markdown}, EUR", machine => notes.Cell(machine.EpochEur(name), cost => Numbers.Significant(cost.Value))));
        List<IReadOnlyList<string?>> rows = [.. overview.Machines.Select(machine => (IReadOnlyList<string?>)[MarkdownText.Plain(machine.Name), .. columns.Select(column => column.Cell(machine))])];
        table.Table(["machine", .. columns.Select(column => column.Head)], rows);
        var twins = MachineColumns.Twins(overview).ToList();
        if (twins.Count > 1)
        {
            table.Block("An epoch of PyTorch divided by one of ours, by framework and policy:");
            table.Table(["framework", "policy", .. overview.Machines.Select(machine => MarkdownText.Plain(machine.Name))],
                [.. twins.Select(twin => (IReadOnlyList<string?>)[MarkdownText.Plain(twin.Framework), new PolicyName(twin.Policy, twin.Kernels).Markdown, .. overview.Machines.Select(machine => notes.Cell(machine.TimesOurs(twin), Numbers.Times))])]);
        }
        foreach (var note in overview.Notes)
            table.Block(MarkdownText.Plain(note));
        MarkdownEnvironment.Write(notes, table);
    }

    private static void Costs(Overview overview, MarkdownWriter table)
    {
        if (overview.TrainingCosts.Count == 0)
            return;
        table.Block($"What training costs on {MarkdownText.Plain(overview.TrainedOn!)}, at {Numbers.Significant(overview.TrainedEurPerHour!.Value)} EUR an hour: {MarkdownText.Plain(overview.Training!.Settings)}");
        table.Table(["policy", "test accuracy", "all epochs, EUR", "an epoch, EUR", "target accuracy", "to the target, EUR"],
            [.. overview.TrainingCosts.Select(cost => (IReadOnlyList<string?>)
            [
                cost.Name().Markdown, Numbers.Percent(cost.Accuracy), Numbers.Significant(cost.AllEpochsEur), Numbers.Significant(cost.EpochEur),
                cost.TargetAccuracy is { } target ? Numbers.Percent(target) : null, cost.TargetEur is { } eur ? Numbers.Significant(eur) : null,
            ])]);
    }

    private static string Plain(KernelKind kernels) => kernels == KernelKind.Plain ? " (plain)" : "";
}
