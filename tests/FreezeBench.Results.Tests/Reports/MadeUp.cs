using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Tests.Reports;

/// <summary>Result sets that are made up, so that a report's numbers can be computed by hand.</summary>
internal static class MadeUp
{
    internal const string Run = "20260102T030405Z-0011aabb";
    internal const string NewerRun = "20260203T040506Z-2233ccdd";

    internal static MeasuredCase Case(string suite, string policy, string phase, params double[] samplesMs) => With(new MeasuredCase(
        new BenchmarkRow
        {
            Kernels = KernelKind.Fast,
            SchemaVersion = IResultRow.CurrentSchemaVersion,
            RunId = Run,
            EnvironmentId = Examples.Cpu.Id,
            UtcTime = new DateTimeOffset(2026, 1, 2, 23, 59, 59, TimeSpan.Zero),
            Commit = "0123456789abcdef0123456789abcdef01234567",
            Dirty = false,
            Framework = "torchsharp",
            Suite = suite,
            Policy = policy,
            Phase = phase,
            Backbone = "resnet18",
            Weights = "random",
            Dataset = "synthetic",
            Classes = 10,
            ResolutionPx = 32,
            BatchSize = 64,
            Images = suite == "epoch" ? 512 : 64,
            Precision = "fp32",
            MemoryFormat = "channels-last",
            Threads = 2,
            Device = "cpu",
            WarmUpCount = 1,
            OperationsPerSample = 1,
            SampleCount = 0,
            MeanMs = 0,
            MedianMs = 0,
            StandardDeviationMs = null,
            MinMs = 0,
            MaxMs = 0,
            IqrMs = 0,
            Ci99LowerMs = null,
            Ci99UpperMs = null,
            ThroughputImagesPerS = null,
            PeakMemoryBytes = 3L << 30,
            MemorySource = MemorySource.ResidentPeak,
            NoiseVerdict = NoiseVerdict.Quiet,
            Throttled = null,
        },
        samplesMs));

    /// <summary>The row's summary follows from the samples.</summary>
    private static MeasuredCase With(MeasuredCase measured)
    {
        var summary = SampleSummary.Of(measured.SamplesMs);
        return measured with { Row = measured.Row with { SampleCount = summary.Count, MedianMs = summary.Median, MeanMs = summary.Mean } };
    }

    internal static MeasuredCase But(this MeasuredCase measured, Func<BenchmarkRow, BenchmarkRow> change) => measured with { Row = change(measured.Row) };

    internal static MeasuredCase In(this MeasuredCase measured, string run) => measured.But(row => row with { RunId = run });

    /// <summary>The epochs of one training run, its test accuracies in per mille of 1,000 images.</summary>
    internal static IEnumerable<AccuracyRow> Training(string policy, int seed, params int[] correct) => correct.Select((right, index) => Examples.Accuracy(index + 1) with
    {
        Policy = policy,
        PolicyInForce = policy,
        Seed = seed,
        Epochs = correct.Length,
        Dirty = false,
        DataHash = "ab12",
        Weights = "resnet18-imagenet.pth",
        TestCorrect = right,
        TrainTotal = 50_000,
        TestTotal = 1000,
        TestAccuracyFraction = right / 1000.0,
        TrainTimeS = 10 + index,
    });

    internal static RunRow End(AccuracyRow last, string status) => new()
    {
        SchemaVersion = IResultRow.CurrentSchemaVersion,
        Kernels = last.Kernels,
        Precision = last.Precision,
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
        Status = status,
        Resumptions = 0,
        EpochsDone = last.Epoch,
        Epochs = last.Epochs,
        TrainTimeS = 1,
        EvaluationTimeS = 1,
        TestAccuracyFraction = last.TestAccuracyFraction,
        TargetAccuracyFraction = null,
        EpochsToTarget = null,
        TargetTrainTimeS = null,
        FinalWeightsSha256 = "unknown",
    };

    internal static RemarkRow Disturbed(string run, string reason) => new()
    {
        SchemaVersion = IResultRow.CurrentSchemaVersion,
        RunId = run,
        EnvironmentId = Examples.Cpu.Id,
        UtcTime = Examples.Stamp.UtcTime,
        Remark = RemarkRow.TimesDisturbed,
        Reason = reason,
    };

    internal static EnvironmentResults Environment(
        IEnumerable<MeasuredCase>? cases = null, IEnumerable<AccuracyRow>? epochs = null, IEnumerable<RunRow>? runs = null, IEnumerable<RemarkRow>? remarks = null,
        EnvironmentRecord? record = null) => new()
        {
            Folder = "/results/a",
            Environment = record ?? Examples.Cpu,
            Cases = [.. cases ?? []],
            Epochs = [.. epochs ?? []],
            Runs = [.. runs ?? []],
            Remarks = [.. remarks ?? []],
        };

    internal static ResultSet Set(params EnvironmentResults[] environments) => new(environments);
}
