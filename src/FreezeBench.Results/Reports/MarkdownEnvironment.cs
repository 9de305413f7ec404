using FreezeBench.Results.Machine;
using FreezeBench.Results.Tables;

namespace FreezeBench.Results.Reports;

/// <summary>Writes one environment's section.</summary>
internal sealed class MarkdownEnvironment(MarkdownWriter table)
{
    private readonly Notes notes = new();

    /// <summary>The richest group of times and of accuracies; what else there is, in a line, since a page of tables is read by nobody.</summary>
    internal void Write(EnvironmentReport environment)
    {
        table.Block($"## {MarkdownText.Plain(environment.Name)} ({MarkdownText.Name(environment.Id)})");
        table.Block($"{MarkdownText.Plain(Overviews.Sentence(environment.Answer.TrimEnd('.')))} {string.Join("; ", environment.Facts.Select(fact => $"{MarkdownText.Plain(fact.Name)}: {MarkdownText.Plain(fact.Value)}"))}.");
        foreach (var (runId, reason) in environment.DisturbedRuns)
            table.Line($"- The times of run {MarkdownText.Name(runId)} say nothing (marked `d`): {MarkdownText.Plain(reason)}.");
        if (environment.DisturbedRuns.Count > 0)
            table.Line();
        foreach (var group in environment.Times.Take(1))
            Times(group);
        foreach (var group in environment.Accuracies.Take(1))
            Accuracies(group);
        foreach (var run in environment.DivergedRuns)
            table.Block($"Diverged: {MarkdownText.Plain(run.Text)} (run {MarkdownText.Name(run.RunId)}).");
        foreach (var group in environment.BesideMlNet)
            MlNet(group);
        List<string> others =
        [
            .. new[] { Others(environment.Times.Count - 1, "size or network", "sizes or networks"), Others(environment.Accuracies.Count - 1, "training", "trainings"), Others(environment.Scaling.Count, "series of sizes", "series of sizes") }.OfType<string>(),
        ];
        if (!environment.IsMlNetAlone)
            table.Block($"In the HTML report: phases of a step{(others.Count == 0 ? "" : $", {string.Join(", ", others)}")}.");
        Write(notes, table);
    }

    private static string? Others(int count, string one, string many) => count < 1 ? null : $"{Numbers.Count(count)} {(count == 1 ? one : many)} more";

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
                ["policy", "epoch", "images/s", "speed-up", "step", "backward share", MemorySources.Head("peak memory", group.Policies.Select(policy => policy.MemorySource)), Energy(group.Policies.Select(policy => policy.EnergySource))],
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
            ["policy", "seeds", "epochs", "test accuracy", "top-5", "balanced accuracy", "training time", "first epoch", "a later one", Energy(group.Policies.Select(policy => policy.EnergySource))],
            [
                .. group.Policies.Select(policy => (IReadOnlyList<string?>)
                [
                    policy.Name().Markdown, Numbers.Count(policy.Seeds.Count), Numbers.Count(policy.Points.Count), Cell(policy.FinalAccuracy, Numbers.Percent),
                    Cell(AccuracyColumns.Top5(group, policy), Numbers.Percent), Cell(AccuracyColumns.Balanced(group, policy), Numbers.Percent),
                    Cell(policy.TrainTimeS, Numbers.Seconds), Cell(policy.FirstEpochS, Numbers.Seconds), Cell(policy.LaterEpochS, Numbers.Seconds),
                    Cell(policy.EpochEnergyJ, energy => Numbers.Energy(energy.Value)),
                ]),
            ]);
        if (AccuracyColumns.Classes(group) is not { Count: > 0 } classes)
            return;
        var counted = group.Policies.Where(policy => policy.ClassAccuracies.Count == classes.Count).ToList();
        table.Block("Class by class, the share of the test images that is correct, mean over seeds:");
        table.Table(
            ["class", "training images", "test images", .. counted.Select(policy => policy.Name().Markdown)],
            [
                .. classes.Select((one, place) => (IReadOnlyList<string?>)
                [
                    MarkdownText.Plain(one.ClassName), Numbers.Count(one.TrainImages), Numbers.Count(one.TestImages),
                    .. counted.Select(policy => policy.ClassAccuracies[place].Accuracy is { } share ? Numbers.Percent(share) : null),
                ]),
            ]);
    }

    private void MlNet(MlNetGroup group)
    {
        table.Block($"### Beside ML.NET: {MarkdownText.Plain(group.Settings)}");
        table.Table(
            ["way", "network", "features, images/s", "network alone, images/s", "training of the head", "test accuracy"],
            [
                .. group.Ways.Select(way => (IReadOnlyList<string?>)
                [
                    MarkdownText.Plain(way.Name), MarkdownText.Plain(way.Network), Cell(way.FeatureImagesPerS, rate => Numbers.Rate(rate.Value)), Cell(way.NetworkImagesPerS, rate => Numbers.Rate(rate.Value)),
                    Cell(way.TrainTimeS, Numbers.Seconds), Cell(way.TestAccuracy, Numbers.Percent),
                ]),
            ]);
    }

    /// <summary>A row for each policy of which any cell was measured.</summary>
    private static List<IReadOnlyList<string?>> Rows(TimeGroup group, Func<PolicyTimes, IReadOnlyList<string?>> cells) =>
        [.. group.Policies.Select(policy => (Name: policy.Name(), Cells: cells(policy))).Where(row => row.Cells.Any(cell => cell is not null))
            .Select(row => (IReadOnlyList<string?>)[row.Name.Markdown, .. row.Cells])];

    private static string Energy(IEnumerable<string?> sources) => $"energy of an epoch ({MarkdownText.Plain(string.Join(", ", sources.OfType<string>().Distinct()))})";

    private string? Time(Figure? ms) => Cell(ms, Numbers.Time);

    private string? Cell(Figure? figure, Func<Figure, string> text) => notes.Cell(figure, text);
}
