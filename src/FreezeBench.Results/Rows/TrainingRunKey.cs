namespace FreezeBench.Results.Rows;

/// <summary>What names a training run, in accuracy.csv and in runs.csv.</summary>
/// <param name="RunId">The invocation.</param>
/// <param name="Policy">Freezing policy, or probe-then-tune.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="ClassSelection">Classes trained on, as asked for; "unknown" in files of schema version 1.</param>
/// <param name="Kernels">Whose layers.</param>
/// <param name="Head">How the head was found.</param>
/// <param name="Shots">Training images of each class; null: not so many were drawn.</param>
public sealed record TrainingRunKey(string RunId, string Policy, int Seed, string ClassSelection, KernelKind Kernels, HeadKind Head = HeadKind.Sgd, int? Shots = null)
{
    /// <summary>The run that an epoch or an end belongs to.</summary>
    public static TrainingRunKey Of(TrainingRow row) =>
        new TrainingRunKey(row.RunId, row.Policy, row.Seed, row.ClassSelection, row.Kernels, row.Head, row.Shots);

    /// <summary>The run that a class belongs to.</summary>
    public static TrainingRunKey Of(PerClassRow row) =>
        new TrainingRunKey(row.RunId, row.Policy, row.Seed, row.ClassSelection, row.Kernels, row.Head, row.Shots);

    /// <summary>The run for people, without its run id.</summary>
    public string Title => FormattableString.Invariant(
        $"{Policy}{(Kernels == KernelKind.Fast ? "" : " (plain)")}{(Head == HeadKind.Sgd ? "" : $", head {Head.Word()}")}{(Shots is { } shots ? $", {shots} shots" : "")}, seed {Seed}, classes {ClassSelection}");
}
