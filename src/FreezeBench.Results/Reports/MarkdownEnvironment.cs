using FreezeBench.Results.Tables;

namespace FreezeBench.Results.Reports;

/// <summary>Writes one environment's section.</summary>
internal sealed class MarkdownEnvironment(MarkdownWriter table)
{
    private readonly Notes notes = new();

    internal void Write(EnvironmentReport environment)
    {
        table.Block($"## {MarkdownText.Plain(environment.Name)} ({MarkdownText.Name(environment.Id)})");
        table.Block(string.Join("; ", environment.Facts.Select(fact => $"{MarkdownText.Plain(fact.Name)}: {MarkdownText.Plain(fact.Value)}")) + ".");
        foreach (var (runId, reason) in environment.DisturbedRuns)
            table.Block($"The times of run {MarkdownText.Name(runId)} say nothing (marked `d`): {MarkdownText.Plain(reason)}.");
        foreach (var group in environment.Times)
            Times(group);
        foreach (var group in environment.Accuracies)
            Accuracies(group);
        foreach (var run in environment.DivergedRuns)
            table.Block($"Diverged: {MarkdownText.Plain(run.Text)} (run {MarkdownText.Name(run.RunId)}).");
        Scaling(environment.Scaling);
        Write(notes, table);
    }

    /// <summary>The list that the small numbers lead to.</summary>
    internal static void Write(Notes notes, MarkdownWriter table)
    {
        if (notes.Texts.Count == 0)
            return;
        table.Block("Rows behind the numbers:");
        foreach (var (index, text) in notes.Texts.Index())
            table.Line($"{Numbers.Count(index + 1)}. {text}");
        table.Line();
    }

    private void Times(TimeGroup group)
    {
        table.Block($"### Times: {MarkdownText.Plain(group.Settings)}");
        if (group.Policies.Any(policy => policy.EpochMs is not null || policy.StepMs is not null || policy.BackwardShare is not null))
        {
            table.Table(
                ["policy", "epoch", "images/s", "speed-up", "step", "backward share", "peak memory", Energy(group.Policies.Select(policy => policy.EnergySource))],
                Rows(group, policy =>
                [
                    Time(policy.EpochMs), Cell(policy.ImagesPerS, rate => Numbers.Rate(rate.Value)), Cell(policy.SpeedUp, Numbers.Times), Time(policy.StepMs),
                    policy.BackwardShare is { } share ? Numbers.Percent(share) : null, Cell(policy.PeakMemoryBytes, bytes => Numbers.Bytes(bytes.Value)),
                    Cell(policy.EpochEnergyJ, energy => Numbers.Energy(energy.Value)),
                ]));
        }
        if (PartialTraining.Of(group) is { Count: > 0 } parts)
        {
            foreach (var (name, sentence) in parts)
                table.Line($"- {name.Markdown} {sentence}.");
            table.Line();
        }
        Gains(group.KernelGains);
        var phases = group.Policies.SelectMany(policy => policy.Phases).Select(phase => phase.Phase).Distinct().ToList();
        if (phases.Count > 0)
        {
            table.Block("Phases of a step:");
            table.Table(["policy", .. phases.Select(MarkdownText.Plain)], Rows(group, policy => [.. phases.Select(phase => Time(Phase(policy, phase)))]));
        }
        if (group.Policies.Any(policy => policy.DepthBackwardMs is not null || policy.DepthStepMs is not null))
        {
            table.Block("Backward pass and step by freezing depth:");
            table.Table(["policy", "backward", "step"], Rows(group, policy => [Time(policy.DepthBackwardMs), Time(policy.DepthStepMs)]));
        }
        if (group.Others.Count > 0)
        {
            table.Block("Timed apart:");
            table.Table(
                ["policy", "what", "time"],
                [.. group.Others.Select(other => (IReadOnlyList<string?>)[other.Name().Markdown, MarkdownText.Plain(other.Phase), Time(other.TimeMs)])]);
        }
    }

    private void Gains(IReadOnlyList<KernelGain> gains)
    {
        if (gains.Count == 0)
            return;
        table.Block("How many times as fast as plain kernels the fast ones are:");
        var whats = gains.Select(gain => gain.What).Distinct().ToList();
        table.Table(
            ["policy", .. whats.Select(MarkdownText.Plain)],
            [
                .. gains.GroupBy(gain => gain.Policy).Select(policy => (IReadOnlyList<string?>)
                [
                    MarkdownText.Name(policy.Key), .. whats.Select(what => Cell(policy.FirstOrDefault(gain => gain.What == what)?.TimesAsFast, Numbers.Times)),
                ]),
            ]);
    }

    private void Accuracies(AccuracyGroup group)
    {
        table.Block($"### Accuracy: {MarkdownText.Plain(group.Settings)}");
        table.Table(
            ["policy", "seeds", "epochs", "test accuracy", "training time", "first epoch", "a later one", Energy(group.Policies.Select(policy => policy.EnergySource))],
            [
                .. group.Policies.Select(policy => (IReadOnlyList<string?>)
                [
                    policy.Name().Markdown, Numbers.Count(policy.Seeds.Count), Numbers.Count(policy.Points.Count), Cell(policy.FinalAccuracy, Numbers.Percent),
                    Cell(policy.TrainTimeS, Numbers.Seconds), Cell(policy.FirstEpochS, Numbers.Seconds), Cell(policy.LaterEpochS, Numbers.Seconds),
                    Cell(policy.EpochEnergyJ, energy => Numbers.Energy(energy.Value)),
                ]),
            ]);
        var epochs = group.Policies.SelectMany(policy => policy.Points).Select(point => point.Epoch).Distinct().Order().ToList();
        if (epochs.Count < 2)
            return;
        var spread = group.Policies.Any(policy => policy.Seeds.Count > 1) ? ", in brackets the lowest and the highest seed" : "";
        table.Block($"Test accuracy after each epoch{spread}:");
        table.Table(
            ["epoch", .. group.Policies.Select(policy => policy.Name().Markdown)],
            [.. epochs.Select(epoch => (IReadOnlyList<string?>)[Numbers.Count(epoch), .. group.Policies.Select(policy => Point(policy, epoch))])]);
    }

    private void Scaling(IReadOnlyList<ScalingSeries> all)
    {
        foreach (var same in all.GroupBy(series => (series.Size, series.Settings)))
        {
            table.Block($"### Images/s by {MarkdownText.Plain(same.Key.Size)}: {MarkdownText.Plain(same.Key.Settings)}");
            var sizes = same.SelectMany(series => series.Points).Select(point => point.Size).Distinct().Order().ToList();
            table.Table(
                ["policy", .. sizes.Select(size => Numbers.Count(size))],
                [
                    .. same.Select(series => (IReadOnlyList<string?>)
                    [
                        series.Name().Markdown,
                        .. sizes.Select(size => Cell(series.Points.FirstOrDefault(point => point.Size == size)?.ImagesPerS, rate => Numbers.Rate(rate.Value))),
                    ]),
                ]);
        }
    }

    /// <summary>A row for each policy of which any cell was measured.</summary>
    private static List<IReadOnlyList<string?>> Rows(TimeGroup group, Func<PolicyTimes, IReadOnlyList<string?>> cells) =>
        [.. group.Policies.Select(policy => (Name: policy.Name(), Cells: cells(policy))).Where(row => row.Cells.Any(cell => cell is not null))
            .Select(row => (IReadOnlyList<string?>)[row.Name.Markdown, .. row.Cells])];

    private static string Energy(IEnumerable<string?> sources) => $"energy of an epoch ({MarkdownText.Plain(string.Join(", ", sources.OfType<string>().Distinct()))})";

    private string? Time(Figure? ms) => Cell(ms, Numbers.Time);

    private string? Cell(Figure? figure, Func<Figure, string> text) => notes.Cell(figure, text);

    private static Figure? Phase(PolicyTimes policy, string phase) => policy.Phases.FirstOrDefault(part => part.Phase == phase)?.TimeMs;

    private static string? Point(PolicyAccuracy policy, int epoch) => policy.Points.FirstOrDefault(point => point.Epoch == epoch) is not { } point
        ? null
        : policy.Seeds.Count == 1
            ? Numbers.Percent(point.MeanAccuracy)
            : Numbers.Percent(point.MeanAccuracy) + Numbers.Bounds(100 * point.LowestAccuracy, 100 * point.HighestAccuracy, 1);
}
