using FreezeBench.Freezing;
using FreezeBench.Images.Decoding;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Optimizing;
using FreezeBench.Training;

namespace FreezeBench.Tests.Training;

/// <summary>Runs as tiny as <see cref="TinyTraining"/>: ten images, three steps an epoch.</summary>
internal static class TinyRun
{
    internal static TrainingRunOptions Options(ImageSet training, ImageSet test, Strategy strategy, int epochs = 4, OptimizerKind? optimizer = null, LearningRateSchedule? schedule = null) => new()
    {
        Shape = TinyTraining.Shape,
        Strategy = strategy,
        Training = training,
        Test = test,
        ResolutionPx = TinyTraining.ResolutionPx,
        MemoryFormat = MemoryFormat.ChannelsLast,
        BatchSize = 4,
        Seed = 1,
        Epochs = epochs,
        RecipeFor = policy => RecipeFor(policy, optimizer, schedule),
        Fingerprint = "tiny",
    };

    /// <summary>Everything in it that has a memory or draws numbers; augmented where the policy allows it.</summary>
    private static Recipe RecipeFor(FreezingPolicy policy, OptimizerKind? optimizer, LearningRateSchedule? schedule) => Recipe.DefaultFor(policy) with
    {
        Optimizer = optimizer ?? OptimizerKind.Sgd,
        Schedule = schedule ?? LearningRateSchedule.Cosine,
        LearningRateHead = 0.02,
        LearningRateBackbone = 0.01,
        LabelSmoothing = 0.1,
        Augmentation = policy.CachesFeatures ? Augmentation.None : Augmentation.Flip,
    };

    internal static List<EpochOutcome> Finish(this TrainingRun run)
    {
        List<EpochOutcome> outcomes = [];
        while (!run.Finished)
            outcomes.Add(run.NextEpoch());
        return outcomes;
    }

    /// <summary>What of an outcome is neither a time nor where features came from: the same in two runs that are the same.</summary>
    internal static EpochOutcome Timeless(this EpochOutcome outcome) =>
        outcome with { TrainTime = default, EvaluationTime = default, FeatureExtractionTime = default, DataTime = default, Features = null };
}
