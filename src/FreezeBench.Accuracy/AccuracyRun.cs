using FreezeBench.Freezing;
using FreezeBench.Native;
using FreezeBench.Results.Rows;
using FreezeBench.Training;

namespace FreezeBench.Accuracy;

/// <summary>One policy trained from its first to its last epoch, a row after each.</summary>
/// <param name="settings">Of the command.</param>
/// <param name="data">Not owned.</param>
/// <param name="stamp">What all rows of the command share.</param>
/// <param name="device">As chosen.</param>
/// <param name="precision">Arithmetic, as rows name it.</param>
public sealed class AccuracyRun(AccuracySettings settings, AccuracyData data, RunStamp stamp, DeviceChoice device, string precision)
{
    private readonly DeviceClock clock = new(device.ToTorch());

    /// <summary>Trains.</summary>
    /// <param name="policy">What trains.</param>
    /// <param name="epochEnded">Gets the row of every epoch as soon as the epoch ends.</param>
    public void Train(FreezingPolicy policy, Action<AccuracyRow> epochEnded)
    {
        var resolutionPx = settings.ResolutionPx ?? data.Training.SizePx;
        using var trainer = new Trainer(settings.Backbone.Shape, policy, data.Training, resolutionPx, settings.MemoryFormat, settings.Training, settings.Weights);
        using var batchNorm = trainer.Network.SnapshotFrozenBatchNorm();
        for (var epoch = 0; epoch < settings.Epochs; epoch++)
        {
            // Features are part of what the first epoch costs: nothing can be trained before they are there.
            var extraction = trainer.NeedsFeatures ? trainer.ExtractFeatures() : TimeSpan.Zero;
            var result = trainer.TrainEpoch(epoch);
            var start = clock.Now();
            var test = trainer.Evaluate(data.Test);
            var evaluation = clock.Since(start);
            epochEnded(Row(policy, epoch, resolutionPx, result.Training, test, extraction + result.Duration, evaluation, Drift(policy, batchNorm)));
        }
    }

    // Of the frozen part: where nothing is frozen there is nothing that could drift unnoticed.
    private static double? Drift(FreezingPolicy policy, BatchNormSnapshot batchNorm) =>
        policy == FreezingPolicy.FineTune ? null : batchNorm.Drift();

    private AccuracyRow Row(
        FreezingPolicy policy, int epoch, int resolutionPx, PassResult train, PassResult test, TimeSpan trainTime, TimeSpan evaluationTime, double? drift) => new()
        {
            SchemaVersion = IResultRow.CurrentSchemaVersion,
            RunId = stamp.RunId,
            EnvironmentId = stamp.EnvironmentId,
            UtcTime = DateTimeOffset.UtcNow,
            Commit = stamp.Git.Commit,
            Dirty = stamp.Git.Dirty,
            Dataset = settings.DatasetLabel,
            DataHash = data.Hash,
            Backbone = settings.Backbone.Name,
            Weights = settings.WeightsName,
            WeightsSha256 = settings.Weights?.Sha256 ?? Results.Machine.Unknown.Text,
            Policy = policy.Name,
            Classes = data.Training.Classes,
            Seed = settings.Training.Seed,
            Epoch = epoch + 1,
            Epochs = settings.Epochs,
            ResolutionPx = resolutionPx,
            BatchSize = settings.Training.BatchSize,
            Optimizer = "sgd",
            LearningRateHead = settings.Training.LearningRateHead,
            LearningRateBackbone = policy.BackboneFrozen ? 0 : settings.Training.LearningRateBackbone,
            Momentum = settings.Training.Momentum,
            WeightDecay = settings.Training.WeightDecay,
            Precision = precision,
            MemoryFormat = settings.MemoryFormat.Name,
            Threads = TorchSharp.torch.get_num_threads(),
            Device = device.Name,
            // libtorch's CPU kernels give the same bits for the same thread count; CUDA's do not unless told to.
            Deterministic = device.Type == TorchSharp.DeviceType.CPU,
            TrainLoss = train.MeanLoss,
            TrainAccuracyFraction = train.AccuracyFraction,
            TrainCorrect = train.Correct,
            TrainTotal = train.Count,
            TestLoss = test.MeanLoss,
            TestAccuracyFraction = test.AccuracyFraction,
            TestCorrect = test.Correct,
            TestTotal = test.Count,
            TrainTimeS = trainTime.TotalSeconds,
            EvaluationTimeS = evaluationTime.TotalSeconds,
            ThroughputImagesPerS = train.Count / trainTime.TotalSeconds,
            BatchNormDrift = drift,
        };
}
