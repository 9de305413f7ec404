using FreezeBench.Results.Comparison;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using FreezeBench.Results.Workloads;

namespace FreezeBench.Results.Reports;

/// <summary>Sorts one environment's cases into groups of like settings, and makes a table of each.</summary>
/// <remarks>
/// Epochs of unlike numbers of images are groups of their own. Steps do not depend on that number: they join the group of the
/// epochs that their own run measured, else the group with the most epoch cases.
/// </remarks>
internal static class TimeGroups
{
    private const string Baseline = "fine-tune";

    private static readonly string[] suites = ["epoch", "step", "depth"];

    /// <summary>Phases of a step in their order.</summary>
    internal static string[] Phases { get; } = ["data", "zero_grad", "forward", "loss", "backward", "optimizer"];

    /// <summary>The groups: standard workloads first, then the one with the most cases.</summary>
    internal static IReadOnlyList<(CaseSettings Key, TimeGroup Group)> Of(Contender contender) =>
    [
        // A table for each size of the scaling suite would hide those that compare policies; Scaling has them.
        .. contender.Cases.Where(measured => measured.Row.Suite != "scaling").GroupBy(measured => CaseSettings.OfTable(measured.Row)).SelectMany(group => ByImages(group.Key, [.. group]))
            .Select(group => (group.Key, Chosen: CaseChoice.Of(contender, group.Cases, CaseSettings.InTable)))
            .OrderByDescending(group => StandardWorkloads.Of(group.Key with { Suite = StandardWorkloads.EpochSuite }) is not null)
            .ThenByDescending(group => group.Chosen.Count).ThenBy(group => group.Key.Text, StringComparer.Ordinal)
            .Select(group => (group.Key, Group(group.Key, group.Chosen, new CaseFigures(group.Chosen.Values)))),
    ];

    private static IEnumerable<(CaseSettings Key, List<MeasuredCase> Cases)> ByImages(CaseSettings key, List<MeasuredCase> cases)
    {
        var byImages = cases.Where(measured => measured.Row.Suite == "epoch").GroupBy(measured => measured.Row.Images)
            .ToDictionary(group => group.Key, group => group.ToList());
        if (byImages.Count == 0)
            return [(key, cases)];
        // Most cases first, and of equals the most images, for a run that measured several epochs or none.
        var order = byImages.OrderByDescending(group => group.Value.Select(measured => CaseSettings.InTable(measured.Row)).Distinct().Count())
            .ThenByDescending(group => group.Key).Select(group => group.Key).ToList();
        var imagesOfRun = new Dictionary<string, int>();
        foreach (var images in order)
        {
            foreach (var measured in byImages[images])
                imagesOfRun.TryAdd(measured.Row.RunId, images);
        }
        foreach (var measured in cases.Where(measured => measured.Row.Suite != "epoch"))
            byImages[imagesOfRun.GetValueOrDefault(measured.Row.RunId, order[0])].Add(measured);
        return order.Select(images => (key with { Images = images }, byImages[images]));
    }

    private static TimeGroup Group(CaseSettings key, Dictionary<CaseSettings, ChosenRuns> chosen, CaseFigures figures) => new()
    {
        Settings = key.Text,
        Policies =
        [
            .. chosen.Where(pair => IsInTable(pair.Key)).Select(pair => (Policy: pair.Key.Policy!, Kernels: pair.Key.Kernels!.Value)).Distinct()
                .Select(row => Row(key, row.Policy, row.Kernels, chosen, figures)).InPolicyOrder(row => row.Name()),
        ],
        Others =
        [
            .. chosen.Where(pair => !IsInTable(pair.Key) && !IsPartOfTable(pair.Key)).OrderBy(pair => pair.Key.Phase, StringComparer.Ordinal)
                .Select(pair => new OtherTime(pair.Key.Policy!, Named(key, pair.Key.Kernels!.Value), pair.Key.Phase!, figures.TimeMs(pair.Value))).InPolicyOrder(other => other.Name()),
        ],
        KernelGains =
        [
            .. chosen.Where(pair => pair.Key.Kernels == KernelKind.Fast && !IsPartOfTable(pair.Key)).OrderBy(pair => Array.IndexOf(suites, pair.Key.Suite))
                .ThenBy(pair => pair.Key.Phase != pair.Key.Suite).ThenBy(pair => Array.IndexOf(Phases, pair.Key.Phase)).ThenBy(pair => pair.Key.Phase, StringComparer.Ordinal)
                .Select(pair => (pair.Key, Gain: figures.SpeedUp(chosen.GetValueOrDefault(pair.Key with { Kernels = KernelKind.Plain }), pair.Value)))
                .Where(pair => pair.Gain is not null)
                .Select(pair => new KernelGain(pair.Key.Policy!, pair.Key.Suite == "depth" ? $"depth: {pair.Key.Phase}" : pair.Key.Phase!, pair.Gain!)).InPolicyOrder(gain => gain.Policy),
        ],
    };

    /// <summary>Kernels that a row names: a twin has its framework's own alone.</summary>
    internal static KernelKind? Named(CaseSettings key, KernelKind kernels) => key.Framework == NamedCase.OwnFramework ? kernels : null;

    private static PolicyTimes Row(CaseSettings key, string policy, KernelKind kernels, Dictionary<CaseSettings, ChosenRuns> chosen, CaseFigures figures)
    {
        ChosenRuns? Case(string suite, string phase, string? of = null) => chosen.GetValueOrDefault(new CaseSettings(suite, of ?? policy, phase, Kernels: kernels));
        Figure? Time(string suite, string phase) => Case(suite, phase) is { } measured ? figures.TimeMs(measured) : null;

        var epoch = Case("epoch", "epoch");
        var (whole, baseline) = epoch is not null ? (epoch, Case("epoch", "epoch", Baseline)) : (Case("step", "step"), Case("step", "step", Baseline));
        var parts = Phases.Select(phase => (Phase: phase, Time: Time("step", phase))).Where(part => part.Time is not null)
            .Select(part => new PhaseTime(part.Phase, part.Time!)).ToList();
        var counts = whole?.Runs[^1].Row;
        return new PolicyTimes
        {
            Policy = policy,
            Kernels = Named(key, kernels),
            EpochMs = Time("epoch", "epoch"),
            ImagesPerS = epoch is null ? null : figures.ImagesPerS(epoch),
            SpeedUp = epoch is null ? null : figures.SpeedUp(Case("epoch", "epoch", Baseline), epoch),
            StepMs = Time("step", "step"),
            PeakMemoryBytes = epoch is null ? null : CaseFigures.PeakMemory(epoch),
            MemorySource = epoch is null ? null : CaseFigures.MemorySourceOf(epoch),
            EpochEnergyJ = epoch is null ? null : CaseFigures.Energy(epoch),
            EnergySource = epoch is null ? null : CaseFigures.EnergySourceOf(epoch),
            Phases = parts,
            BackwardShare = BackwardShare(phase => parts.FirstOrDefault(part => part.Phase == phase)?.TimeMs.Value),
            DepthBackwardMs = Time("depth", "backward"),
            DepthStepMs = Time("depth", "step"),
            TrainedShare = counts is { TrainableParameters: { } trainable, TotalParameters: > 0 and var total } ? (double)trainable / total : null,
            TrainedCheckpointBytes = counts?.TrainedCheckpointBytes,
            TimeShare = whole is null || policy == Baseline || baseline is null ? null : figures.SpeedUp(whole, baseline),
            MemoryShare = whole is null || policy == Baseline ? null : CaseFigures.MemoryShare(baseline, whole),
        };
    }

    /// <summary>Backward by the sum of the phases; null unless all six were measured, because a share of a part misleads.</summary>
    /// <param name="phaseMs">Time of a phase; null where it was not measured.</param>
    internal static double? BackwardShare(Func<string, double?> phaseMs)
    {
        var times = Phases.Select(phaseMs).ToList();
        return !times.Contains(null) && times.Sum() is > 0 and { } sum ? phaseMs("backward") / sum : null;
    }

    private static bool IsInTable(CaseSettings name) => name switch
    {
        { Suite: "epoch", Phase: "epoch" } => true,
        { Suite: "step", Phase: "step" } => true,
        { Suite: "step" } => Phases.Contains(name.Phase),
        { Suite: "depth", Phase: "backward" or "step" } => true,
        _ => false,
    };

    // The same time once more: the epoch without shuffle and read-out, and the step that the phases add up to.
    private static bool IsPartOfTable(CaseSettings name) => name is { Suite: "epoch", Phase: "steps" } or { Suite: "step", Phase: "step_synchronised" };
}
