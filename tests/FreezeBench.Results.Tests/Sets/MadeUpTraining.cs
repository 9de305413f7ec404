using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Tests.Sets;

/// <summary>Made-up training runs: three policies, one seed, ten epochs, sums and shares that agree with each other.</summary>
internal static class MadeUpTraining
{
    private const int Epochs = 10;
    private const int TrainImages = 3000;
    private const int TestImages = 1000;

    private static readonly (string Policy, double EpochS, double Accuracy)[] policies =
        [("fine-tune", 10, 0.7), ("frozen", 4, 0.5), ("frozen-cached", 0.5, 0.48)];

    /// <summary>Writes accuracy.csv and runs.csv of one environment.</summary>
    internal static void Write(string folder, EnvironmentRecord environment, int index, Random random)
    {
        using var epochs = MadeUpLines.Open<AccuracyRow>(folder);
        using var runs = MadeUpLines.Open<RunRow>(folder);
        foreach (var (policy, epochS, accuracy) in policies)
        {
            var rows = Enumerable.Range(1, Epochs).Select(epoch => Epoch(environment, index, random, policy, epoch, epochS, accuracy)).ToList();
            foreach (var row in rows)
                epochs.WriteLine(MadeUpLines.Line(row));
            runs.WriteLine(MadeUpLines.Line(Run(rows)));
        }
    }

    private static AccuracyRow Epoch(EnvironmentRecord environment, int index, Random random, string policy, int epoch, double epochS, double accuracy)
    {
        var extractionS = policy == "frozen-cached" && epoch == 1 ? 3.5 : 0;
        var trainTimeS = Math.Round(extractionS + epochS * (1 + 0.05 * random.NextDouble()), 7);
        var reached = accuracy * (1 - Math.Exp(-0.5 * epoch));
        var (train, test) = ((int)(TrainImages * reached), (int)(TestImages * reached) - random.Next(10));
        return new AccuracyRow
        {
            Kernels = KernelKind.Fast,
            SchemaVersion = IResultRow.CurrentSchemaVersion,
            RunId = FormattableString.Invariant($"20260102T040000Z-{index:x8}"),
            EnvironmentId = environment.Id,
            UtcTime = MadeUpResults.Start.AddMinutes(epoch),
            Commit = MadeUpResults.Commit,
            Dirty = false,
            Dataset = "synthetic",
            DataHash = new string('8', 64),
            Backbone = "resnet18",
            Weights = "random",
            WeightsSha256 = "unknown",
            Policy = policy,
            Classes = 10,
            Seed = 1,
            Epoch = epoch,
            Epochs = Epochs,
            ResolutionPx = 32,
            BatchSize = 128,
            Optimizer = "sgd",
            LearningRateHead = 0.01,
            LearningRateBackbone = policy == "fine-tune" ? 0.01 : 0,
            Momentum = 0.9,
            WeightDecay = 0.0005,
            Precision = "fp32",
            MemoryFormat = "channels-last",
            Threads = environment.Torch.Threads,
            Device = environment.Torch.Device,
            Deterministic = true,
            TrainLoss = 2.3 * (1 - reached),
            TrainAccuracyFraction = (double)train / TrainImages,
            TrainCorrect = train,
            TrainTotal = TrainImages,
            TestLoss = 2.4 * (1 - reached),
            TestAccuracyFraction = (double)test / TestImages,
            TestCorrect = test,
            TestTotal = TestImages,
            TrainTimeS = trainTimeS,
            EvaluationTimeS = 0.5,
            ThroughputImagesPerS = TrainImages / trainTimeS,
            BatchNormDrift = policy == "fine-tune" ? 0.1 * epoch : 0,
            PolicyInForce = policy,
            ClassSelection = "all",
            Schedule = "constant",
            BaseLearningRateHead = 0.01,
            BaseLearningRateBackbone = policy == "fine-tune" ? 0.01 : 0,
            LabelSmoothing = 0,
            Augmentation = "none",
            FeatureExtractionTimeS = extractionS,
        };
    }

    private static RunRow Run(List<AccuracyRow> epochs)
    {
        var last = epochs[^1];
        return new RunRow
        {
            Kernels = last.Kernels,
            Precision = last.Precision,
            SchemaVersion = last.SchemaVersion,
            RunId = last.RunId,
            EnvironmentId = last.EnvironmentId,
            UtcTime = last.UtcTime,
            Commit = last.Commit,
            Dirty = last.Dirty,
            Dataset = last.Dataset,
            DataHash = last.DataHash,
            Backbone = last.Backbone,
            Weights = last.Weights,
            Policy = last.Policy,
            ClassSelection = last.ClassSelection,
            Classes = last.Classes,
            Seed = last.Seed,
            ResolutionPx = last.ResolutionPx,
            BatchSize = last.BatchSize,
            Device = last.Device,
            Deterministic = last.Deterministic,
            Status = RunRow.Finished,
            Resumptions = 0,
            EpochsDone = last.Epoch,
            Epochs = last.Epochs,
            TrainTimeS = epochs.Sum(row => row.TrainTimeS),
            EvaluationTimeS = epochs.Sum(row => row.EvaluationTimeS),
            TestAccuracyFraction = last.TestAccuracyFraction,
            TargetAccuracyFraction = null,
            EpochsToTarget = null,
            TargetTrainTimeS = null,
            FinalWeightsSha256 = new string('1', 64),
        };
    }
}
