using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Reports;

/// <summary>The answer on one screen: which policy, and which machine.</summary>
public sealed record Overview
{
    /// <summary>Settings that the machines of the table share, in one line; null where no machine timed an epoch.</summary>
    public string? Settings { get; init; }

    /// <summary>A row for each machine that timed an epoch at these settings, the one with the fastest epoch of fine-tune first.</summary>
    public IReadOnlyList<MachineRow> Machines { get; init; } = [];

    /// <summary>The trainings that the conclusion about accuracy is from; null where none allows one.</summary>
    public AccuracyGroup? Training { get; init; }

    /// <summary>Where they were trained: a machine's name for people; null without them.</summary>
    public string? TrainedOn { get; init; }

    /// <summary>What freezing costs and what it buys: three sentences at most, fewer where less was measured.</summary>
    public required IReadOnlyList<string> Sentences { get; init; }
}

/// <summary>A machine at the settings of the table.</summary>
public sealed record MachineRow
{
    /// <summary>A name for people.</summary>
    public required string Name { get; init; }

    /// <summary>Environments that are this machine, by id in ordinal order; more than one where a newer version gave it another id, or where a twin in another framework ran on it.</summary>
    public required IReadOnlyList<string> EnvironmentIds { get; init; }

    /// <summary>Its policies at these settings.</summary>
    public required IReadOnlyList<PolicyTimes> Policies { get; init; }

    /// <summary>Epochs of a twin in another framework beside ours; empty where none was measured.</summary>
    public IReadOnlyList<TwinRatio> Twins { get; init; } = [];

    /// <summary>A row of the table by what it is about; null where it was not measured.</summary>
    public PolicyTimes? Of(string policy, KernelKind kernels) => Policies.FirstOrDefault(row => row.Policy == policy && row.Kernels == kernels);
}

/// <summary>An epoch of a twin beside ours on one machine.</summary>
/// <param name="Framework">The twin's framework, with its version.</param>
/// <param name="Policy">Freezing policy.</param>
/// <param name="Kernels">Whose layers on our side.</param>
/// <param name="TimesOurs">Its time divided by ours.</param>
public sealed record TwinRatio(string Framework, string Policy, KernelKind Kernels, Figure TimesOurs);
