using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Tests.Rows;

namespace FreezeBench.Results.Tests;

/// <summary>Records with every field set, made up.</summary>
internal static class Examples
{
    internal static EnvironmentRecord Cpu { get; } = new()
    {
        Torch = new TorchFacts { Device = "cpu", Backend = "cpu", TorchSharpVersion = "0.107.0", LibtorchVersion = "2.10.0", Threads = 2, MatmulTf32 = false },
        Machine = new MachineFacts
        {
            CpuModel = "AMD EPYC",
            CpuFamily = "AuthenticAMD family 26 model 2 stepping 1",
            CpuVectorExtension = "avx512",
            LogicalCores = 2,
            PhysicalCores = 2,
            MemoryBytes = 8_000_000_000,
            OperatingSystem = "Debian GNU/Linux 12 (bookworm)",
            KernelVersion = "6.1.0",
            Architecture = "x64",
            DotNetVersion = ".NET 10.0.0",
        },
        Gpu = GpuFacts.None,
    };

    internal static EnvironmentRecord Gpu { get; } = Cpu with
    {
        Torch = Cpu.Torch with { Device = "cuda:0", Backend = "cuda" },
        Gpu = new GpuFacts { Name = "NVIDIA H100 80GB HBM3", DriverVersion = "570.86.15", CudaDriverVersion = "12.8", ComputeCapability = "9.0", MemoryBytes = 85_520_809_984, MaxSmClockMhz = 1980, MaxMemoryClockMhz = 2619 },
    };

    /// <summary>The same machines as a program of schema version 1 saw them.</summary>
    internal static EnvironmentRecord OldCpu { get; } = Old(Cpu);

    internal static EnvironmentRecord OldGpu { get; } = Old(Gpu);

    /// <summary>The same machines as a program of schema version 2 saw them.</summary>
    internal static EnvironmentRecord SecondCpu { get; } = Cpu with { SchemaVersion = 2 };

    internal static EnvironmentRecord SecondGpu { get; } = Gpu with { SchemaVersion = 2 };

    internal static RunStamp Stamp { get; } = new()
    {
        RunId = "20260102T030405Z-0011aabb",
        EnvironmentId = "amd-epyc-2c-00000000",
        UtcTime = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567),
        Git = new GitState { Commit = "0123456789abcdef0123456789abcdef01234567", Dirty = false },
    };

    internal static BenchmarkMeasurement Measurement { get; } = new()
    {
        Case = MadeUpCase.Step with { Phase = "backward", Weights = "formula" },
        WarmUpCount = 2,
        OperationsPerSample = 1,
        SamplesMs = [500.125, 510.1, 1.0 / 3, 505, 507],
        PeakMemory = new(3_000_000_000, MemorySource.ResidentPeak),
    };

    private static EnvironmentRecord Old(EnvironmentRecord environment) => environment with
    {
        SchemaVersion = 1,
        Machine = environment.Machine with { CpuFamily = Unknown.Text, CpuVectorExtension = Unknown.Text },
    };

    internal static AccuracyRow Accuracy(int epoch) => new()
    {
        Kernels = KernelKind.Fast,
        SchemaVersion = IResultRow.CurrentSchemaVersion,
        RunId = Stamp.RunId,
        EnvironmentId = Stamp.EnvironmentId,
        UtcTime = Stamp.UtcTime,
        Commit = Stamp.Git.Commit,
        Dirty = null,
        Dataset = "cifar10",
        DataHash = "unknown",
        Backbone = "resnet18",
        Weights = "random",
        WeightsSha256 = "unknown",
        Policy = "frozen",
        Classes = 10,
        Seed = 1,
        Epoch = epoch,
        Epochs = 100,
        ResolutionPx = 32,
        BatchSize = 128,
        Optimizer = "sgd",
        LearningRateHead = 0.1,
        LearningRateBackbone = 0,
        Momentum = 0.9,
        WeightDecay = 5e-4,
        Precision = "fp32",
        MemoryFormat = "channels-last",
        Threads = 2,
        Device = "cpu",
        Deterministic = true,
        TrainLoss = Math.PI,
        TrainAccuracyFraction = 0.1,
        TrainCorrect = 10,
        TrainTotal = 100,
        TestLoss = double.Epsilon,
        TestAccuracyFraction = 1,
        TestCorrect = 50,
        TestTotal = 50,
        TrainTimeS = 1e21,
        EvaluationTimeS = 0.25,
        ThroughputImagesPerS = 123.456,
        BatchNormDrift = null,
        PolicyInForce = "frozen",
        ClassSelection = "all",
        Schedule = "cosine",
        BaseLearningRateHead = 0.1,
        BaseLearningRateBackbone = 0,
        LabelSmoothing = null,
        Augmentation = "none",
        FeatureExtractionTimeS = 0,
    };
}
