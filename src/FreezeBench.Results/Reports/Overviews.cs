using FreezeBench.Results.Comparison;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Workloads;

namespace FreezeBench.Results.Reports;

/// <summary>Chooses what the first screen shows.</summary>
/// <remarks>
/// The workload: a standard one before others, then the one of which most machines timed epochs of fine-tune and frozen, then the one with the most
/// policies. Runs stand for a machine as they do in comparisons: <see cref="WorkloadRuns"/>. Twins in another framework are a ratio in their machine's row, and no
/// machine of their own. Disturbed epochs are shown with their sign, and count in no order and in no sentence.
/// </remarks>
internal static class Overviews
{
    internal const string Baseline = "fine-tune";

    /// <summary>The first screen of these environments.</summary>
    internal static Overview Of(IReadOnlyList<EnvironmentPart> parts, Prices prices)
    {
        var machines = KnownMachines.Of(parts.Select(part => part.Record));
        var contenders = Contenders(parts, machines);
        var epochs = WorkloadRuns.Of(contenders, (_, row) => row is { Suite: "epoch", Phase: "epoch" } ? [CaseSettings.Workload(row)] : []);
        var workload = Shared(epochs, contenders.Count);
        List<MachineRow> rows =
        [
            .. contenders.Select(contender => workload is null ? null : MachineFigures.Row(contender, workload)).OfType<MachineRow>()
                .OrderBy(row => FastestMs(row) ?? double.PositiveInfinity).ThenBy(row => row.Name, StringComparer.Ordinal),
        ];
        prices.CheckNames(rows);
        rows = rows.ConvertAll(row => row with { EurPerHour = prices.Of(row) });
        var trainings = parts.SelectMany(part => part.Accuracies.Select(TrainingComparison.Of).OfType<TrainingComparison>().Select(training => (part.Report.Id, Training: training))).ToList();
        var best = TrainingComparison.Best(trainings.Select(one => one.Training));
        var timed = TrainingComparison.BestTimed(trainings.Select(one => one.Training));
        // A picture of accuracy against time needs times that count; without any it is one of accuracies by epoch.
        var shown = timed ?? best;
        var trainedOn = shown is null ? null : machines.Of(trainings.First(one => one.Training == shown).Id);
        return new Overview
        {
            Settings = workload is null ? null : StandardWorkloads.Of(workload with { Suite = StandardWorkloads.EpochSuite }) is { } standard ? $"{standard.Name} of {StandardWorkloads.Version}: {workload.Text}" : workload.Text,
            Machines = rows,
            Training = shown?.Group,
            TrainedOn = trainedOn?.Name,
            TrainedEurPerHour = rows.FirstOrDefault(row => row.Name == trainedOn?.Name)?.EurPerHour,
            Sentences = [.. new[] { OverviewSentences.Cost(rows), OverviewSentences.Gain(best, parts), timed?.AtEqualTime is { } time ? Sentence(time) : null }.OfType<string>()],
            Notes =
            [
                .. machines.Machines.Select(machine => machine.JoinedNote).Append(MemoryNote(rows)).OfType<string>(),
                .. contenders.SelectMany((contender, place) => NodeRemarks.Of(contender.Name, [.. epochs.Where(epoch => epoch.Runs[place] is not null).Select(epoch => (epoch.Settings, epoch.Runs[place]!.Runs))], new ComparisonOptions())),
            ],
        };
    }

    internal static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..] + ".";

    /// <summary>What is left of a workload where policy, kernels and framework are open.</summary>
    internal static CaseSettings Open(CaseSettings workload) => workload with { Suite = null, Phase = null, Policy = null, Kernels = null, Framework = null };

    // Null where all machines' figures are one quantity.
    private static string? MemoryNote(IReadOnlyList<MachineRow> rows)
    {
        var sources = rows.SelectMany(row => row.Epochs.Where(epoch => epoch is { Policy: Baseline, PeakMemoryBytes: not null }).Select(epoch => (row.Name, epoch.MemorySource))).Distinct().ToList();
        return sources.Select(one => one.MemorySource).Distinct().Count() < 2 ? null
            : $"Peak memory is not one quantity on all machines: {string.Join("; ", sources.Select(one => $"{one.Name} {one.MemorySource?.Word() ?? Unknown.Text}"))} (memory_source of benchmarks.csv).";
    }

    private static IReadOnlyList<Contender> Contenders(IReadOnlyList<EnvironmentPart> parts, KnownMachines machines) =>
    [
        .. parts.GroupBy(part => machines.Of(part.Report.Id).Ids[0]).Select(same => new Contender
        {
            Name = machines.Of(same.Key).Name,
            Machine = machines.Of(same.Key),
            // A time that no clock gives says nothing of a machine; check names its row.
            Cases = [.. same.SelectMany(part => part.Cases).Where(measured => measured.Row.MedianMs > 0 && CaseFigures.IsUsable(measured.SamplesMs))],
            RemarkedRuns = same.SelectMany(part => part.Report.DisturbedRuns).Select(run => run.RunId).ToHashSet(),
        }),
    ];

    private static CaseSettings? Shared(IReadOnlyList<WorkloadRuns> epochs, int machines) => epochs.Where(epoch => epoch.Settings.Framework == NamedCase.OwnFramework)
        .GroupBy(epoch => Open(epoch.Settings))
        .OrderByDescending(same => StandardWorkloads.Of(same.First().Settings) is not null)
        .ThenByDescending(same => Enumerable.Range(0, machines).Count(machine => Has(same, machine, Baseline) && Has(same, machine, "frozen")))
        .ThenByDescending(same => same.Count()).ThenBy(same => same.Key.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;

    private static bool Has(IEnumerable<WorkloadRuns> epochs, int machine, string policy) => epochs.Any(epoch => epoch.Settings.Policy == policy && epoch.Runs[machine] is not null);

    /// <summary>Whatever kernels are fastest on the machine.</summary>
    private static double? FastestMs(MachineRow row) =>
        row.Epochs.Where(epoch => epoch is { Policy: Baseline, EpochMs.Origin.Disturbed: false }).Min(epoch => (double?)epoch.EpochMs.Value);
}
