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
            overview is { Training: { } trained, TrainedEurPerHour: { } price } ? Costs(trained, overview.TrainedOn!, price) : "",
            sources.Told("machines"),
            new Fragment(overview.Notes.Select(note => Tag.OfClass("p", "legend", note))));
    }

    private static Node Costs(AccuracyGroup training, string machine, double eurPerHour) => Tables.Sortable(
        $"What the trainings of the picture cost on {machine}, at {Numbers.Significant(eurPerHour)} EUR an hour", ["policy", "test accuracy, %", "cost of all epochs, EUR"],
        [.. training.Policies.Where(policy => !policy.TrainTimeS.Origin.Disturbed).Select(policy => (IReadOnlyList<Cell>)
        [
            Cell.OfPolicy(policy.Name()),
            Cell.Plain(policy.FinalAccuracy.Value, accuracy => Numbers.Points(accuracy)),
            Cell.Plain(policy.TrainTimeS.Value * eurPerHour / 3600, cost => Numbers.Significant(cost)),
        ])], null);

    private static Node Machines(Overview overview, Func<string, string?> anchor, Sources sources)
    {
        List<Column> columns = [];
        KernelKind[] kinds = [KernelKind.Fast, KernelKind.Plain];
        foreach (var kernels in kinds)
        {
            foreach (var policy in MachineColumns.Policies)
                Add($"{policy}, images/s", policy, kernels, row => row.ImagesPerS);
            Add("speed-up by freezing", "frozen", kernels, row => row.SpeedUp, places: 2, withBounds: true);
        }
        foreach (var twin in MachineColumns.Twins(overview)
            // Beside the fast layers where there are any: a column for each kind would push the table off the screen.
            .Where(twin => twin.Kernels == KernelKind.Fast || overview.Machines.All(machine => machine.Twins.All(other => other.Kernels == KernelKind.Plain)))
            .OrderBy(twin => twin.Kernels == KernelKind.Plain).ThenBy(twin => twin.Policy, StringComparer.Ordinal).ThenBy(twin => twin.Framework, StringComparer.Ordinal))
        {
            var head = Head($"{twin.Framework} by ours, {twin.Policy}", twin.Kernels);
            columns.Add(new Column(head, (machine, from) => Cell.Of(machine.TimesOurs(twin), from, machine.Name, head, places: 2, withBounds: true)));
        }
        foreach (var kernels in kinds)
        {
            columns.Add(new Column(Head("backward, % of a step", kernels), (machine, _) =>
                Cell.Plain(machine.Of("fine-tune", kernels)?.BackwardShare, share => Numbers.Fixed(100 * share, 0))));
        }
        foreach (var kernels in kinds)
            Add("memory, MiB", "fine-tune", kernels, row => row.PeakMemoryBytes, scale: 1.0 / (1 << 20));
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

    private static string Head(string head, KernelKind? kernels) => kernels == KernelKind.Plain ? $"{head} (plain)" : head;

    /// <summary>A column of the table of machines.</summary>
    /// <param name="Head">Its head, with the unit.</param>
    /// <param name="Cell">A machine's cell; its origin is noted.</param>
    private sealed record Column(string Head, Func<MachineRow, Sources, Cell> Cell);
}
