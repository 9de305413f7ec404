using FreezeBench.Fitting;
using FreezeBench.Freezing;

namespace FreezeBench.Accuracy.Runs;

/// <summary>The batch size of a run, and what to say where no batch fits.</summary>
/// <param name="context">Of the command.</param>
/// <param name="run">Which.</param>
/// <param name="data">The images it uses.</param>
public sealed class RunBatch(RunContext context, PlannedRun run, AccuracyData data)
{
    private int ResolutionPx => context.Settings.ResolutionPx ?? data.Training.DefaultResolutionPx;

    private IReadOnlyList<FreezingPolicy> Policies => [.. context.Settings.PhasesOf(run.Strategy, run.Epochs).Select(phase => phase.Policy)];

    /// <summary>The size that was asked for, or with <c>--auto-batch</c> the first of its halves that every phase of the run fits with.</summary>
    /// <remarks>Found once for all seeds of a session, a resumed one included.</remarks>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">Not even 1 fits.</exception>
    /// <exception cref="Results.UserErrorException">By the estimate the size that was asked for cannot fit.</exception>
    public int Choose()
    {
        var asked = context.Settings.BatchSize;
        if (!context.Settings.AutoBatch)
            return Shortage().Foreseen() is { } foreseen ? throw foreseen : asked;
        if (context.Session.FittingBatchSize(run) is { } known)
            return known;
        var trial = new BatchTrial(context.Settings.Network, data.Training, ResolutionPx, context.Settings.MemoryFormatOf(run.Kernels, context.Device), context.Memory, context.Precision.Name);
        var used = trial.Find(Policies, asked, (policy, size) => context.Settings.Recipes.For(policy).Options(size, run.Seed, epochs: 1) with { Precision = context.Precision, Kernels = run.Kernels });
        context.Session.Remember(run, used);
        if (used < asked)
            context.Reporter.BatchLowered(run, asked, used);
        return used;
    }

    /// <summary>What did not fit: the phase that needs most.</summary>
    public MemoryShortage Shortage() => Policies.Select(Shortage).MaxBy(shortage => shortage.PeakBytes)!;

    private MemoryShortage Shortage(FreezingPolicy policy) => new()
    {
        Network = context.Settings.Network,
        Classes = data.Training.Classes,
        Policy = policy,
        ResolutionPx = ResolutionPx,
        // Without a size that fits the last attempt was with 1; with one, the run itself took more than its trial.
        BatchSize = !context.Settings.AutoBatch ? context.Settings.BatchSize : context.Session.FittingBatchSize(run) ?? 1,
        Images = data.Training.Count,
        Optimizer = context.Settings.Recipes.For(policy).Optimizer,
        Precision = context.Precision.Name,
        Device = context.Device,
        Memory = context.Memory,
        AutoBatch = context.Settings.AutoBatch,
    };
}
