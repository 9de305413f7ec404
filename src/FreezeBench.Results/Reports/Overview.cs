using System.Text.RegularExpressions;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Reports;

/// <summary>The answer on one screen: which policy, and which machine.</summary>
public sealed record Overview
{
    /// <summary>What the machines of the table computed, in one line; null where no machine timed an epoch.</summary>
    public string? Settings { get; init; }

    /// <summary>A row for each machine that timed an epoch at these settings, the one with the fastest epoch of fine-tune first.</summary>
    public IReadOnlyList<MachineRow> Machines { get; init; } = [];

    /// <summary>The trainings of the picture, and of the sentence about equal time: those whose times count, else those of the sentence about accuracy; null where none allows a conclusion.</summary>
    public AccuracyGroup? Training { get; init; }

    /// <summary>Where they were trained: a machine's name for people; null without them.</summary>
    public string? TrainedOn { get; init; }

    /// <summary>What an hour of that machine costs in EUR; null where nobody said.</summary>
    public double? TrainedEurPerHour { get; init; }

    /// <summary>What the trainings of the picture cost there; empty without a price, and for times that other work disturbed.</summary>
    public IReadOnlyList<TrainingCost> TrainingCosts => TrainedEurPerHour is { } price && Training is { } training
        ? [.. training.Policies.Where(policy => !policy.TrainTimeS.Origin.Disturbed).Select(policy => TrainingCost.Of(policy, price))]
        : [];

    /// <summary>What freezing costs and what it buys: three sentences at most, fewer where less was measured.</summary>
    public required IReadOnlyList<string> Sentences { get; init; }

    /// <summary>What a reader should know of the machines: which environments were taken for one although an older record does not know all that tells machines apart, and which node of twins is slow.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>A machine at the settings of the table.</summary>
public sealed partial record MachineRow
{
    /// <summary>A name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Environments that are this machine, by id in ordinal order; more than one where a newer version gave it another id, or where a twin in another framework ran on it.</summary>
    public required IReadOnlyList<string> EnvironmentIds { get; init; }

    /// <summary>Its policies at these settings, in the order of the policies' table.</summary>
    public required IReadOnlyList<MachineEpoch> Epochs { get; init; }

    /// <summary>Epochs of a twin in another framework beside ours; empty where none was measured.</summary>
    public IReadOnlyList<TwinRatio> Twins { get; init; } = [];

    /// <summary>What an hour costs in EUR; null where nobody said.</summary>
    public double? EurPerHour { get; init; }

    /// <summary>What an epoch costs in EUR; null where its time or the price is not known.</summary>
    public Figure? EpochEur(PolicyName name)
    {
        const double MsPerHour = 3_600_000;
        if (EurPerHour is not { } price || Of(name.Policy, name.Kernels)?.EpochMs is not { } time)
            return null;
        return time with { Value = price * time.Value / MsPerHour, Lower = price * time.Lower / MsPerHour, Upper = price * time.Upper / MsPerHour };
    }

    /// <summary>A twin's epoch by ours; null where it was not measured.</summary>
    public Figure? TimesOurs((string Framework, string Policy, KernelKind Kernels) twin) => Twins.FirstOrDefault(one => (one.Framework, one.Policy, one.Kernels) == twin)?.TimesOurs;

    /// <summary>The twin that the table of machines shows: of the newest version, the quickest way of it, beside our fast layers where they were measured; null where none was.</summary>
    public TwinRatio? Twin(string policy) => Twins.Where(twin => twin.Policy == policy)
        .OrderByDescending(twin => Version.TryParse(Digits().Match(twin.Framework).Value, out var version) ? version : new Version()).ThenBy(twin => twin.Kernels == KernelKind.Plain).ThenBy(twin => twin.TimesOurs.Value).FirstOrDefault();

    [GeneratedRegex("[0-9]+([.][0-9]+){1,3}")]
    private static partial Regex Digits();

    /// <summary>A row by what it is about; null where it was not measured.</summary>
    public MachineEpoch? Of(string policy, KernelKind? kernels) => Epochs.FirstOrDefault(row => row.Policy == policy && row.Kernels == kernels);
}

/// <summary>What every table of machines chooses alike, however wide it is.</summary>
public static class MachineColumns
{
    /// <summary>The policies that machines are compared by.</summary>
    public static IReadOnlyList<string> Policies { get; } = [Overviews.Baseline, "frozen"];

    /// <summary>The policy whose twin stands in the table; <see cref="Twins"/> has all.</summary>
    public const string TwinPolicy = "frozen";

    /// <summary>The twins that some machine has, each once: beside our fast layers first, then by policy.</summary>
    public static IEnumerable<(string Framework, string Policy, KernelKind Kernels)> Twins(Overview overview) =>
        overview.Machines.SelectMany(machine => machine.Twins).Where(twin => Policies.Contains(twin.Policy)).Select(twin => (twin.Framework, twin.Policy, twin.Kernels)).Distinct()
            .OrderBy(twin => twin.Kernels == KernelKind.Plain).ThenBy(twin => twin.Policy, StringComparer.Ordinal).ThenBy(twin => twin.Framework, StringComparer.Ordinal);

    /// <summary>What an epoch of it costs.</summary>
    public static IEnumerable<PolicyName> Costs => Policies.SelectMany(policy => new[] { new PolicyName(policy, KernelKind.Fast), new PolicyName(policy, KernelKind.Plain) });
}

/// <summary>An epoch on a machine, over all runs of the chosen commit. Bounds: of several runs Student's about their centres, of one run those of its samples.</summary>
public sealed record MachineEpoch : IOfPolicy
{
    /// <inheritdoc/>
    public required string Policy { get; init; }

    /// <inheritdoc/>
    public required KernelKind? Kernels { get; init; }

    /// <summary>Time of an epoch in ms.</summary>
    public required Figure EpochMs { get; init; }

    /// <summary>Training images/s in an epoch; null where it takes no time.</summary>
    public Figure? ImagesPerS { get; init; }

    /// <summary>Epoch of fine-tune with the same kernels divided by this one; null for fine-tune itself and where no run measured both. The launch of each process is in the bounds.</summary>
    public Figure? SpeedUp { get; init; }

    /// <summary>Backward pass as a part of a step's phases, 0..1; null where they were not measured.</summary>
    public double? BackwardShare { get; init; }

    /// <summary>Peak memory of the epoch's process in bytes, the mean over runs; null where a run does not know it, or they did not measure it alike.</summary>
    public Figure? PeakMemoryBytes { get; init; }

    /// <summary>How it was measured: the column memory_source of benchmarks.csv; null where nobody knows.</summary>
    public MemorySource? MemorySource { get; init; }
}

/// <summary>An epoch of a twin beside ours on one machine.</summary>
/// <param name="Framework">The twin's framework.</param>
/// <param name="Policy">Freezing policy.</param>
/// <param name="Kernels">Whose layers on our side.</param>
/// <param name="TimesOurs">Its time divided by ours.</param>
public sealed record TwinRatio(string Framework, string Policy, KernelKind Kernels, Figure TimesOurs);
