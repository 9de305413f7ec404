using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using FreezeBench.Tool.Elements;
using FreezeBench.Tool.Plots;

namespace FreezeBench.Tool.Html;

/// <summary>The first screen: what freezing costs and buys in a picture, and the machines in a table.</summary>
internal static class OverviewSection
{
    /// <summary>Pictures, table and sentences; what was not measured is left out.</summary>
    /// <param name="overview">What it says.</param>
    /// <param name="anchor">Where the page has an environment of this id; null where it has none.</param>
    internal static Node Of(Overview overview, Func<string, string?> anchor)
    {
        var sources = new Sources();
        List<Picture> pictures =
        [
            .. new[]
            {
                overview.Training is { } training ? AccuracyPlots.ByCost(training, overview.TrainedOn!) : null,
                MachinePlot.Of(overview),
            }.OfType<Picture>(),
        ];
        return new Fragment(
            pictures.Count == 0 ? "" : Tag.OfClass("div", "plots first", pictures.Select((picture, index) => picture.ToFigure($"o{index + 1}"))),
            overview.Machines.Count == 0 ? "" : Machines(overview, anchor, sources),
            new Fragment(overview.Sentences.Select(sentence => Tag.OfClass("p", "conclusion", sentence))),
            Costs(overview),
            sources.Told("machines"),
            Twins(overview),
            new Fragment(overview.Notes.Select(note => Tag.OfClass("p", "legend", note))));
    }

    private static Node Costs(Overview overview) => overview.TrainingCosts.Count == 0 ? "" : Tables.Sortable(
        $"What the trainings of the picture cost on {overview.TrainedOn}, at {Numbers.Significant(overview.TrainedEurPerHour!.Value)} EUR an hour",
        ["policy", "test accuracy, %", "cost of all epochs, EUR", "cost of an epoch, EUR", "target accuracy, %", "cost to the target, EUR"],
        [.. overview.TrainingCosts.Select(cost => (IReadOnlyList<Cell>)
        [
            Cell.OfPolicy(cost.Name()),
            Cell.Plain(cost.Accuracy, accuracy => Numbers.Points(accuracy)),
            Cell.Plain(cost.AllEpochsEur, eur => Numbers.Significant(eur)),
            Cell.Plain(cost.EpochEur, eur => Numbers.Significant(eur)),
            Cell.Plain(cost.TargetAccuracy, accuracy => Numbers.Points(accuracy)),
            Cell.Plain(cost.TargetEur, eur => Numbers.Significant(eur)),
        ])], null);

    private static Node Machines(Overview overview, Func<string, string?> anchor, Sources sources)
    {
        List<Column> columns = [];
        // What is asked first stands first: a wide table is read to where the screen ends.
        foreach (var kernels in new[] { KernelKind.Fast, KernelKind.Plain })
        {
            if (kernels == KernelKind.Plain)
                columns.Add(new Column($"PyTorch by ours, {MachineColumns.TwinPolicy}", Twin));
            foreach (var policy in MachineColumns.Policies)
                Add($"{policy}, images/s", policy, kernels, row => row.ImagesPerS);
            Add("speed-up by freezing", "frozen", kernels, row => row.SpeedUp, places: 2, withBounds: true);
            columns.Add(new Column(Head("backward, % of a step", kernels), (machine, _) =>
                Cell.Plain(machine.Of("fine-tune", kernels)?.BackwardShare, share => Numbers.Fixed(100 * share, 0))));
            Add("memory, MiB", "fine-tune", kernels, row => row.PeakMemoryBytes, scale: 1.0 / (1 << 20));
        }
        foreach (var name in MachineColumns.Costs)
        {
            var head = Head($"an epoch of {name.Policy}, EUR", name.Kernels);
            columns.Add(new Column(head, (machine, from) => Cell.Of(machine.EpochEur(name), from, machine.Name, head)));
        }
        return Tables.Sortable($"Machines, the fastest first: {overview.Settings}.{(overview.Machines.Any(machine => machine.Epochs.Any(policy => policy.Kernels == KernelKind.Plain)) ? " (plain): a user's own layers; the others are FreezeBench's fast ones." : "")} Backward pass and peak memory are those of fine-tune.",
            ["machine", .. columns.Select(column => column.Head)],
            [.. overview.Machines.Select(machine => (IReadOnlyList<Cell>)[Cell.Words(machine.Name) with { Link = machine.EnvironmentIds.Select(anchor).FirstOrDefault(place => place is not null) }, .. columns.Select(column => column.Cell(machine, sources))])], null);

        void Add(string head, string policy, KernelKind kernels, Func<MachineEpoch, Figure?> choose, double scale = 1, int places = 15, bool withBounds = false) =>
            columns.Add(new Column(Head(head, kernels), (machine, from) =>
                Cell.Of(machine.Of(policy, kernels) is { } row ? choose(row) : null, from, machine.Name, Head(head, kernels), scale, places, withBounds)));
    }

    private static Cell Twin(MachineRow machine, Sources sources)
    {
        if (machine.Twin(MachineColumns.TwinPolicy) is not { } twin)
            return Cell.Missing;
        var cell = Cell.Of(twin.TimesOurs, sources, machine.Name, "PyTorch by ours", places: 2, withBounds: true);
        return cell with { Bounds = Head($"{(cell.Bounds is null ? "" : $"{cell.Bounds}, ")}{twin.Framework}", twin.Kernels) };
    }

    /// <summary>Every twin, a column for each machine: more than the first table has room for.</summary>
    private static Node Twins(Overview overview)
    {
        var twins = MachineColumns.Twins(overview).ToList();
        if (twins.Count < 2)
            return "";
        var sources = new Sources();
        return Tag.OfClass("details", "sources", Tag.Of("summary", "Beside PyTorch: every framework and policy"), Tables.Sortable(
            "An epoch of PyTorch divided by one of ours. Small print: 95 % bounds.", ["framework", "policy", .. overview.Machines.Select(machine => machine.Name)],
            [.. twins.Select(twin => (IReadOnlyList<Cell>)
            [
                Cell.Words(twin.Framework),
                Cell.OfPolicy(new PolicyName(twin.Policy, twin.Kernels)),
                .. overview.Machines.Select(machine => Cell.Of(machine.TimesOurs(twin), sources, $"{new PolicyName(twin.Policy, twin.Kernels)}", machine.Name, places: 2, withBounds: true)),
            ])], sources));
    }

    private static string Head(string head, KernelKind? kernels) => kernels == KernelKind.Plain ? $"{head} (plain)" : head;

    /// <summary>A column of the table of machines.</summary>
    /// <param name="Head">Its head, with the unit.</param>
    /// <param name="Cell">A machine's cell; its origin is noted.</param>
    private sealed record Column(string Head, Func<MachineRow, Sources, Cell> Cell);
}
