using FreezeBench.Features;
using FreezeBench.Optimizing;
using FreezeBench.Programs;
using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Training;
using TorchSharp;

namespace FreezeBench.Accuracy.Runs;

/// <summary>The rows of one run.</summary>
/// <param name="context">Of the command.</param>
/// <param name="run">Which.</param>
/// <param name="data">The images it uses.</param>
/// <param name="batchSize">Images per step: as asked for, or fewer.</param>
public sealed class RunRows(RunContext context, PlannedRun run, AccuracyData data, int batchSize)
{
    private KernelKind Kernels => run.Kernels.Kind();

    private readonly string dataHash = data.Hash;

    // libtorch's CPU kernels give the same bits for the same thread count; CUDA's do not unless told to.
    private bool Deterministic => context.Device.Type == DeviceType.CPU || context.Settings.Deterministic;

    private bool InSteps => run.Head == HeadKind.Sgd;

    private int ResolutionPx => context.Settings.ResolutionOf(data.Training);

    /// <summary>What the outputs of the head stand for, where the user's folders say so; empty for the sets known by name.</summary>
    public IReadOnlyList<ClassRow> Classes => data.Training is not Images.Sets.ImageFolderSet ? [] :
    [
        .. data.Training.ClassNames.Select((name, label) => new ClassRow
        {
            SchemaVersion = IResultRow.CurrentSchemaVersion,
            RunId = context.Stamp.RunId,
            EnvironmentId = context.Stamp.EnvironmentId,
            Dataset = context.Settings.DatasetLabel,
            ClassSelection = run.ClassSelection,
            Label = label,
            ClassName = name,
        }),
    ];

    /// <summary>Whether a row is one of this run's, whatever invocation of the session wrote it.</summary>
    public bool AreOfThisRun(AccuracyRow row) =>
        TrainingRunKey.Of(row) == run.Key(context.Stamp.RunId);

    /// <summary>Whether the last of these rows is as good as asked for.</summary>
    public bool ReachesTarget(IReadOnlyList<AccuracyRow> rows) => rows.Count > 0 && rows[^1].TestAccuracyFraction >= context.Settings.Target;

    /// <summary>The row of an epoch that has just ended.</summary>
    public AccuracyRow Of(EpochOutcome epoch)
    {
        var (train, test, recipe) = (epoch.Train, epoch.Test, epoch.Recipe);
        return new AccuracyRow
        {
            SchemaVersion = IResultRow.CurrentSchemaVersion,
            RunId = context.Stamp.RunId,
            EnvironmentId = context.Stamp.EnvironmentId,
            UtcTime = DateTimeOffset.UtcNow,
            Commit = context.Stamp.Git.Commit,
            Dirty = context.Stamp.Git.Dirty,
            Dataset = context.Settings.DatasetLabel,
            DataHash = dataHash,
            Backbone = context.Settings.Network.Name,
            Weights = context.Weights.Name,
            WeightsSha256 = context.Weights.Sha256,
            Policy = run.Strategy.Name,
            Classes = data.Training.Classes,
            Seed = run.Seed,
            Epoch = epoch.Epoch,
            Epochs = run.Epochs,
            ResolutionPx = ResolutionPx,
            BatchSize = batchSize,
            Optimizer = InSteps ? recipe.Optimizer.Name : run.Head.Word(),
            LearningRateHead = epoch.LearningRates.Head,
            LearningRateBackbone = epoch.LearningRates.Backbone,
            // Only SGD has one.
            Momentum = InSteps && recipe.Optimizer == OptimizerKind.Sgd ? recipe.Momentum : 0,
            WeightDecay = InSteps ? recipe.WeightDecay : 0,
            Precision = context.Precision.Name,
            MemoryFormat = context.Settings.MemoryFormatOf(run.Kernels, context.Device).Name,
            Threads = torch.get_num_threads(),
            Device = context.Device.Name,
            Deterministic = Deterministic,
            TrainLoss = train.MeanLoss,
            TrainAccuracyFraction = train.AccuracyFraction,
            TrainCorrect = train.Correct,
            TrainTotal = train.Count,
            TestLoss = test.MeanLoss,
            TestAccuracyFraction = test.AccuracyFraction,
            TestCorrect = test.Correct,
            TestTotal = test.Count,
            TrainTimeS = epoch.TrainTime.TotalSeconds,
            EvaluationTimeS = epoch.EvaluationTime.TotalSeconds,
            ThroughputImagesPerS = train.Count / epoch.TrainTime.TotalSeconds,
            BatchNormDrift = epoch.BatchNormDrift,
            PolicyInForce = epoch.Policy.Name,
            ClassSelection = run.ClassSelection,
            Schedule = InSteps ? recipe.Schedule.Name : "none",
            BaseLearningRateHead = InSteps ? recipe.LearningRateHead : 0,
            BaseLearningRateBackbone = epoch.Policy.BackboneFrozen ? 0 : recipe.LearningRateBackbone,
            LabelSmoothing = InSteps ? recipe.LabelSmoothing : 0,
            Augmentation = recipe.Augmentation.Name,
            FeatureExtractionTimeS = epoch.FeatureExtractionTime.TotalSeconds,
            AskedBatchSize = context.Settings.BatchSize,
            EnergyJ = epoch.EnergyJ,
            EnergySource = epoch.EnergySource,
            FeatureCache = epoch.Features.Name(),
            DataShareFraction = epoch.DataTime / epoch.TrainTime,
            CudnnAutotune = context.CudnnAutotune,
            Kernels = Kernels,
            Node = context.Stamp.Node,
            Head = run.Head,
            Shots = run.Shots,
            HeadL2 = epoch.HeadL2,
            TestTop5Correct = test.ByClass?.Top5Correct,
            TestTop5AccuracyFraction = (double?)test.ByClass?.Top5Correct / test.Count,
            TestBalancedAccuracyFraction = test.ByClass?.BalancedAccuracyFraction,
            LearningRateDecay = epoch.Policy.BackboneFrozen ? null : recipe.LearningRateDecay,
            UnfreezeEvery = run.Strategy.Unfreezes ? context.Settings.UnfreezeEvery : null,
        };
    }

    /// <summary>The test set class by class after the run's last epoch; empty where all classes have as many training images, and as many test images.</summary>
    public IReadOnlyList<PerClassRow> PerClass(EpochOutcome last)
    {
        if (last.Test.ByClass is not { } counts)
            return [];
        using var labels = data.Training.Labels.cpu();
        var images = labels.data<long>().ToArray().CountBy(label => label).ToDictionary();
        List<int> trained = [.. Enumerable.Range(0, data.Training.Classes).Select(label => images.GetValueOrDefault(label))];
        return trained.Distinct().Count() < 2 && counts.Total.Distinct().Count() < 2 ? [] :
        [
            .. data.Training.ClassNames.Select((name, label) => new PerClassRow
            {
                SchemaVersion = IResultRow.CurrentSchemaVersion,
                RunId = context.Stamp.RunId,
                EnvironmentId = context.Stamp.EnvironmentId,
                Policy = run.Strategy.Name,
                Kernels = Kernels,
                Head = run.Head,
                Shots = run.Shots,
                Seed = run.Seed,
                ClassSelection = run.ClassSelection,
                Epoch = last.Epoch,
                Label = label,
                ClassName = name,
                TrainImages = trained[label],
                TestImages = counts.Total[label],
                TestCorrect = counts.Correct[label],
            }),
        ];
    }

    /// <summary>The row of the run's end.</summary>
    /// <param name="epochs">Its epochs that ended.</param>
    /// <param name="status">One of the constants.</param>
    /// <param name="weightsSha256">Null where it was interrupted: the weights are of no whole epoch.</param>
    /// <param name="state">Of the device, in this invocation: what an earlier one saw is in the row of its own end.</param>
    /// <param name="counts">Of the policy in force at the end.</param>
    public RunRow End(IReadOnlyList<AccuracyRow> epochs, string status, string? weightsSha256, WatchedState state, ParameterCounts counts)
    {
        var energy = RunEnergy.Of(epochs);
        var target = context.Settings.Target;
        var reached = target is null ? null : epochs.FirstOrDefault(row => row.TestAccuracyFraction >= target);
        return new RunRow
        {
            SchemaVersion = IResultRow.CurrentSchemaVersion,
            RunId = context.Stamp.RunId,
            EnvironmentId = context.Stamp.EnvironmentId,
            UtcTime = DateTimeOffset.UtcNow,
            Commit = context.Stamp.Git.Commit,
            Dirty = context.Stamp.Git.Dirty,
            Dataset = context.Settings.DatasetLabel,
            DataHash = dataHash,
            Backbone = context.Settings.Network.Name,
            Weights = context.Weights.Name,
            Policy = run.Strategy.Name,
            ClassSelection = run.ClassSelection,
            Classes = data.Training.Classes,
            Seed = run.Seed,
            ResolutionPx = ResolutionPx,
            BatchSize = batchSize,
            Device = context.Device.Name,
            Deterministic = Deterministic,
            Status = status,
            Resumptions = context.Session.Record.Resumptions,
            EpochsDone = epochs.Count,
            Epochs = run.Epochs,
            TrainTimeS = epochs.Sum(row => row.TrainTimeS),
            EvaluationTimeS = epochs.Sum(row => row.EvaluationTimeS),
            TestAccuracyFraction = epochs.Count == 0 ? null : epochs[^1].TestAccuracyFraction,
            TargetAccuracyFraction = target,
            EpochsToTarget = reached?.Epoch,
            TargetTrainTimeS = reached is null ? null : epochs.TakeWhile(row => row.Epoch <= reached.Epoch).Sum(row => row.TrainTimeS),
            FinalWeightsSha256 = weightsSha256 ?? Unknown.Text,
            Precision = context.Precision.Name,
            Throttled = state.Throttled,
            EnergyJ = energy.Joules,
            EnergySource = energy.Source,
            TemperatureMaxC = state.TemperatureMaxC,
            ClockMinMhz = state.ClockMinMhz,
            ThrottleReasons = state.ThrottleReasons,
            Kernels = Kernels,
            TrainableParameters = counts.Trainable,
            TotalParameters = counts.Total,
            TrainedCheckpointBytes = counts.TrainedBytes,
            Node = context.Stamp.Node,
            Head = run.Head,
            Shots = run.Shots,
        };
    }
}
