using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Reports;

/// <summary>Sorts one environment's cases into groups of like settings, and makes a table of each.</summary>
/// <remarks>
/// Epochs of unlike numbers of images are groups of their own. Steps do not depend on that number: they join the group of the
/// epochs that their own run measured, else the group with the most epoch cases.
/// </remarks>
internal static class TimeGroups
{
    private static readonly string[] phases = ["data", "zero_grad", "forward", "loss", "backward", "optimizer"];

    /// <summary>The groups, the one with the most cases first.</summary>
    internal static IReadOnlyList<(TimeKey Key, TimeGroup Group)> Of(IReadOnlyList<MeasuredCase> cases, CaseFigures figures) =>
    [
        // A table for each size of the scaling suite would hide those that compare policies; Scaling has them.
        .. cases.Where(measured => measured.Row.Suite != "scaling").GroupBy(measured => TimeKey.Of(measured.Row)).SelectMany(group => ByImages(group.Key, [.. group]))
            .Select(group => (group.Key, Chosen: CaseChoice.Of(group.Cases, figures.Doubt)))
            .OrderByDescending(group => group.Chosen.Count).ThenBy(group => group.Key.Text, StringComparer.Ordinal)
            .Select(group => (group.Key, Group(group.Key, group.Chosen, figures))),
    ];

    private static IEnumerable<(TimeKey Key, List<MeasuredCase> Cases)> ByImages(TimeKey key, List<MeasuredCase> cases)
    {
        var byImages = cases.Where(measured => measured.Row.Suite == "epoch").GroupBy(measured => measured.Row.Images)
            .ToDictionary(group => group.Key, group => group.ToList());
        if (byImages.Count == 0)
            return [(key, cases)];
        // Most cases first, and of equals the most images, for a run that measured several epochs or none.
        var order = byImages.OrderByDescending(group => group.Value.Select(measured => CaseName.Of(measured.Row)).Distinct().Count())
            .ThenByDescending(group => group.Key).Select(group => group.Key).ToList();
        var imagesOfRun = new Dictionary<string, int>();
        foreach (var images in order)
        {
            foreach (var measured in byImages[images])
                imagesOfRun.TryAdd(measured.Row.RunId, images);
        }
        foreach (var measured in cases.Where(measured => measured.Row.Suite != "epoch"))
            byImages[imagesOfRun.GetValueOrDefault(measured.Row.RunId, order[0])].Add(measured);
        return order.Select(images => (key with { EpochImages = images }, byImages[images]));
    }

    private static TimeGroup Group(TimeKey key, Dictionary<CaseName, MeasuredCase> chosen, CaseFigures figures) => new()
    {
        Settings = key.Text,
        Policies =
        [
            .. chosen.Keys.Where(IsInTable).Select(name => name.Policy).Distinct().InPolicyOrder(policy => policy)
                .Select(policy => Row(policy, chosen, figures)),
        ],
        Others =
        [
            .. chosen.Where(pair => !IsInTable(pair.Key) && !IsPartOfTable(pair.Key)).OrderBy(pair => pair.Key.Phase, StringComparer.Ordinal)
                .InPolicyOrder(pair => pair.Key.Policy).Select(pair => (pair.Key.Policy, pair.Key.Phase, figures.TimeMs(pair.Value))),
        ],
    };

    private static PolicyTimes Row(string policy, Dictionary<CaseName, MeasuredCase> chosen, CaseFigures figures)
    {
        MeasuredCase? Case(string suite, string phase, string? of = null) => chosen.GetValueOrDefault(new CaseName(suite, of ?? policy, phase));
        Figure? Time(string suite, string phase) => Case(suite, phase) is { } measured ? figures.TimeMs(measured) : null;

        var epoch = Case("epoch", "epoch");
        var parts = phases.Select(phase => (Phase: phase, Time: Time("step", phase))).Where(part => part.Time is not null)
            .Select(part => (part.Phase, part.Time!)).ToList();
        return new PolicyTimes
        {
            Policy = policy,
            EpochMs = Time("epoch", "epoch"),
            ImagesPerS = epoch is null ? null : figures.ImagesPerS(epoch),
            SpeedUp = epoch is null ? null : figures.SpeedUp(Case("epoch", "epoch", "fine-tune"), epoch),
            StepMs = Time("step", "step"),
            PeakMemoryBytes = epoch is null ? null : figures.PeakMemory(epoch),
            EpochEnergyJ = epoch is null ? null : figures.Energy(epoch),
            EnergySource = epoch?.Row.EnergyJ is null ? null : epoch.Row.EnergySource,
            Phases = parts,
            BackwardShare = BackwardShare(parts),
            DepthBackwardMs = Time("depth", "backward"),
            DepthStepMs = Time("depth", "step"),
        };
    }

    /// <summary>Backward by the sum of the phases; null unless all six were measured, because a share of a part misleads.</summary>
    private static double? BackwardShare(List<(string Phase, Figure Time)> parts)
    {
        var sum = parts.Sum(part => part.Time.Value);
        return parts.Count == phases.Length && sum > 0 ? parts.Single(part => part.Phase == "backward").Time.Value / sum : null;
    }

    private static bool IsInTable(CaseName name) => name switch
    {
        { Suite: "epoch", Phase: "epoch" } => true,
        { Suite: "step", Phase: "step" } => true,
        { Suite: "step" } => phases.Contains(name.Phase),
        { Suite: "depth", Phase: "backward" or "step" } => true,
        _ => false,
    };

    // The same time once more: the epoch without shuffle and read-out, and the step that the phases add up to.
    private static bool IsPartOfTable(CaseName name) => name is { Suite: "epoch", Phase: "steps" } or { Suite: "step", Phase: "step_synchronised" };
}
