using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Workloads;

namespace FreezeBench.Results.Reports;

/// <summary>Chooses what the first screen shows.</summary>
/// <remarks>
/// The settings: a standard workload before others, then those that most machines timed epochs of fine-tune and frozen at, then those with the most
/// policies. A machine with several environments of ours is shown by the one that was measured last at these settings. Twins in
/// another framework are a ratio in their machine's row, at the same settings but for memory format and threads, and no machine of their own. Disturbed epochs
/// are shown with their sign, and count in no order and in no sentence.
/// </remarks>
internal static class Overviews
{
    private const string Baseline = "fine-tune";

    /// <summary>The first screen of these environments.</summary>
    internal static Overview Of(IReadOnlyList<EnvironmentPart> parts)
    {
        var machines = KnownMachines.Of(parts.Select(part => part.Record));
        var groups = parts.SelectMany(part => part.Times.Select(time => (Part: part, time.Key, time.Group, Machine: machines.Of(part.Report.Id)))).ToList();
        var shared = groups.Where(group => group.Key.Framework == NamedCase.OwnFramework && group.Group.Policies.Any(policy => policy.EpochMs is not null))
            .GroupBy(group => Shared(group.Key))
            .OrderByDescending(same => StandardWorkloads.Of(same.Key) is not null)
            .ThenByDescending(same => same.Where(group => HasBoth(group.Group)).Select(group => group.Machine).Distinct().Count())
            .ThenByDescending(same => same.Max(group => group.Group.Policies.Count(policy => policy.EpochMs is not null)))
            .ThenBy(same => same.Key.Text, StringComparer.Ordinal).FirstOrDefault();
        List<MachineRow> rows =
        [
            .. (shared ?? Enumerable.Empty<(EnvironmentPart Part, CaseSettings Key, TimeGroup Group, KnownMachine Machine)>()).GroupBy(group => group.Machine)
                .Select(same => Row(same.Key, same.Select(group => group.Group).MaxBy(Newest)!, groups.Where(group => group.Machine == same.Key && group.Key.Framework != NamedCase.OwnFramework && Shared(group.Key) == shared!.Key)
                    .Select(group => (EnvironmentName.FrameworkOf(group.Part.Record), group.Group))))
                .OrderBy(row => FastestMs(row) ?? double.PositiveInfinity).ThenBy(row => row.Name, StringComparer.Ordinal),
        ];
        var trainings = parts.Select(part => (part, Training: TrainingComparison.Best(part.Accuracies))).Where(one => one.Training is not null).ToList();
        var best = TrainingComparison.Best(trainings.Select(one => one.Training!));
        return new Overview
        {
            Settings = shared is null ? null : StandardWorkloads.Of(shared.Key) is { } standard ? $"{standard.Name} of {StandardWorkloads.Version}: {shared.Key.Text}" : shared.Key.Text,
            Machines = rows,
            Training = best?.Group,
            TrainedOn = best is null ? null : machines.Of(trainings.First(one => one.Training == best).part.Report.Id).Name,
            Sentences = [.. new[] { OverviewSentences.Cost(rows), OverviewSentences.Gain(best, parts), best?.AtEqualTime is { } time ? Sentence(time) : null }.OfType<string>()],
        };
    }

    /// <summary>A sentence of words.</summary>
    internal static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..] + ".";

    /// <summary>What machines and frameworks share: what is computed, not how.</summary>
    private static CaseSettings Shared(CaseSettings key) => key with { Framework = null, Threads = null, Device = null, MemoryFormat = null };

    private static bool HasBoth(TimeGroup group) => group.Policies.Any(policy => policy is { Policy: Baseline, EpochMs: not null }) && group.Policies.Any(policy => policy is { Policy: "frozen", EpochMs: not null });

    private static DateOnly Newest(TimeGroup group) => group.Policies.Where(policy => policy.EpochMs is not null).Max(policy => policy.EpochMs!.Origin.Date);

    /// <summary>Whatever kernels are fastest on the machine.</summary>
    private static double? FastestMs(MachineRow row) =>
        row.Policies.Where(policy => policy is { Policy: Baseline, EpochMs.Origin.Disturbed: false }).Min(policy => policy.EpochMs?.Value);

    private static MachineRow Row(KnownMachine machine, TimeGroup own, IEnumerable<(string Framework, TimeGroup Group)> twins) => new()
    {
        Name = machine.Name,
        EnvironmentIds = machine.Ids,
        Policies = own.Policies,
        Twins =
        [
            .. from twin in twins
               from theirs in twin.Group.Policies
               join ours in own.Policies on theirs.Policy equals ours.Policy
               where ours.Kernels is not null && theirs.EpochMs is { Value: > 0, Origin.Disturbed: false } && ours.EpochMs is { Value: > 0, Origin.Disturbed: false }
               select new TwinRatio(twin.Framework, ours.Policy, ours.Kernels!.Value, CaseFigures.Quotient(theirs.EpochMs!, ours.EpochMs!)),
        ],
    };
}
