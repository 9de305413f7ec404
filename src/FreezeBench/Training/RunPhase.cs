using FreezeBench.Freezing;
using FreezeBench.Networks;
using FreezeBench.Optimizing;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Torch.Hardware;
using FreezeBench.Weights.Loading;

namespace FreezeBench.Training;

/// <summary>A phase that is being trained: the network under the phase's policy, with an optimizer and a schedule of its own.</summary>
internal sealed class RunPhase : IDisposable
{
    private readonly TrainingRunOptions options;
    private readonly Recipe recipe;
    private readonly BatchNormSnapshot? batchNorm;
    private readonly DeviceClock clock;

    /// <param name="options">Of the run.</param>
    /// <param name="network">On its device; not owned.</param>
    /// <param name="phase">Policy, length and factor.</param>
    /// <param name="firstEpoch">Epochs of the run before this phase.</param>
    /// <param name="before">The phase that this one continues, whose optimizer and scaler it takes over; not owned. Null: it begins with its own.</param>
    public RunPhase(TrainingRunOptions options, INetwork network, TrainingPhase phase, int firstEpoch, RunPhase? before = null)
    {
        this.options = options;
        clock = new DeviceClock(options.Training.Device);
        recipe = options.RecipeFor(phase.RecipePolicy).Scaled(phase.RateFactor);
        (FirstEpoch, End) = (firstEpoch, firstEpoch + phase.Epochs);
        Trainer = new Trainer(
            network, phase.Policy, options.Training, options.ResolutionPx, options.MemoryFormat,
            recipe.Options(options.BatchSize, options.Seed, phase.ScheduleEpochs ?? phase.Epochs, firstEpoch - phase.ScheduleOffset) with { Precision = options.Precision, Kernels = options.Kernels }, options.Statistics ?? InputStatistics.Of(options.Weights), options.FeatureCache);
        if (before is not null)
            TakeOver(before.Trainer);
        batchNorm = phase.Policy == FreezingPolicy.FineTune ? null : Trainer.Network.SnapshotFrozenBatchNorm();
    }

    /// <summary>The run's epochs before this phase.</summary>
    public int FirstEpoch { get; }

    /// <summary>The run's epochs when this phase is done.</summary>
    public int End { get; }

    /// <summary>Network, optimizer and data.</summary>
    public Trainer Trainer { get; }

    /// <summary>One epoch and the evaluation after it.</summary>
    /// <param name="epoch">Of the run, 0 for the first.</param>
    /// <param name="stepEnded">As in <see cref="Trainer.TrainEpoch"/>.</param>
    /// <param name="cancellation">Looked at before every batch.</param>
    public EpochOutcome Train(int epoch, Action<int, int>? stepEnded, CancellationToken cancellation)
    {
        var loadedBefore = Trainer.TimeLoading;
        var energy = new EnergySpans(options.Energy);
        energy.Begin();
        // Features are part of what the first epoch costs: nothing can be trained before they are there.
        var fetches = Trainer.NeedsFeatures;
        var extraction = fetches ? Trainer.ExtractFeatures(cancellation) : TimeSpan.Zero;
        var inSteps = options.Head == HeadKind.Sgd || !Trainer.Network.Policy.CachesFeatures;
        using var fit = inSteps ? null : new HeadFit(options.Head, Trainer, options.Seed, stepEnded, options.Says, cancellation);
        var result = inSteps ? Trainer.TrainEpoch(epoch, stepEnded, cancellation) : null;
        energy.End();
        var (start, loading) = (clock.Now(), Trainer.TimeLoading - loadedBefore);
        var training = result?.Training ?? fit!.TrainingPass(cancellation);
        var test = Trainer.Evaluate(options.Test, fit?.Scores, cancellation);
        return new EpochOutcome
        {
            Epoch = epoch + 1,
            Policy = Trainer.Network.Policy,
            Recipe = recipe,
            LearningRates = inSteps ? Trainer.LearningRates(epoch) : default,
            HeadL2 = fit?.L2,
            Train = training,
            Test = test,
            TrainTime = extraction + (result?.Duration ?? fit!.Duration),
            FeatureExtractionTime = extraction,
            Features = fetches ? Trainer.FeatureOrigin : null,
            DataTime = loading,
            EnergyJ = energy.Joules,
            EnergySource = energy.Source,
            EvaluationTime = clock.Since(start),
            BatchNormDrift = batchNorm?.Drift(),
        };
    }

    private void TakeOver(Trainer before)
    {
        Trainer.Optimizer.CarryOver(before.Optimizer);
        using var scope = TorchSharp.torch.NewDisposeScope();
        Trainer.Scaler?.Restore(before.Scaler!.State.ToDictionary());
    }

    public void Dispose()
    {
        batchNorm?.Dispose();
        Trainer.Dispose();
    }
}
