using FreezeBench.Accuracy.Options;
using FreezeBench.Fitting;
using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Results.Machine;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Hardware;

namespace FreezeBench.Accuracy.Runs;

/// <summary>The batch size of a run, and what to say where no batch fits.</summary>
/// <param name="context">Of the command.</param>
/// <param name="run">Which.</param>
/// <param name="data">The images it uses.</param>
public sealed class RunBatch(RunContext context, PlannedRun run, AccuracyData data)
{
    private int ResolutionPx => context.Settings.ResolutionOf(data.Training);

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
        var used = trial.Find(Policies, asked, (policy, size) => context.Settings.RecipeFor(policy).Options(size, run.Seed, epochs: 1) with { Precision = context.Precision, Kernels = run.Kernels });
        context.Session.Remember(run, used);
        if (used < asked)
            context.Reporter.BatchLowered(run, asked, used);
        return used;
    }

    /// <summary>What did not fit: the phase that needs most.</summary>
    public MemoryShortage Shortage() => Policies.Select(Shortage).MaxBy(shortage => shortage.PeakBytes)!;

    /// <summary>What a policy's step takes with the batch that was asked for, and what is there.</summary>
    internal static MemoryShortage ShortageOf(FreezingPolicy policy, AccuracySettings settings, ImageSet training, DeviceChoice device, Precision precision, DeviceMemory? memory) => new()
    {
        Network = settings.Network,
        Classes = training.Classes,
        Policy = policy,
        ResolutionPx = settings.ResolutionOf(training),
        BatchSize = settings.BatchSize,
        Images = training.Count,
        Optimizer = settings.RecipeFor(policy).Optimizer,
        Precision = precision.Name,
        Device = device,
        Memory = memory,
    };

    private MemoryShortage Shortage(FreezingPolicy policy) => ShortageOf(policy, context.Settings, data.Training, context.Device, context.Precision, context.Memory) with
    {
        // Without a size that fits the last attempt was with 1; with one, the run itself took more than its trial.
        BatchSize = !context.Settings.AutoBatch ? context.Settings.BatchSize : context.Session.FittingBatchSize(run) ?? 1,
        AutoBatch = context.Settings.AutoBatch,
    };
}
