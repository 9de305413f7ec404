using FreezeBench.Benchmarks.Settings;

namespace FreezeBench.Benchmarks.Tests.Settings;

/// <summary>Settings that suites find in this process, as they would under the program. All tests publish the same.</summary>
internal static class Published
{
    internal static BenchmarkSettings Settings { get; } = new()
    {
        Device = "cpu",
        Backbone = "resnet18",
        // Of both, all suites but two have fast ones alone where nobody asks: the cases that the twin has.
        Kernels = ["fast"],
        Policies = ["fine-tune", "frozen", "frozen-train-bn", "frozen-cached", "from-layer1", "from-layer2", "from-layer3", "from-layer4"],
        Depths = ["fine-tune", "from-layer1", "from-layer2", "from-layer3", "from-layer4", "frozen"],
        ResolutionPx = 32,
        BatchSize = 64,
        ImagesPerEpoch = 512,
        ScalingPolicies = ["fine-tune", "frozen"],
        ScalingSizes = [new(8, 32), new(32, 32), new(8, 64)],
        Dataset = "synthetic",
        DatasetLabel = "synthetic",
        Threads = 1,
        MemoryFormat = "channels-last",
        Precision = "fp32",
        CudnnAutotune = true,
        Quick = false,
        RecordFolder = Path.Combine(Path.GetTempPath(), "freezebench-records-" + Environment.ProcessId),
    };

    internal static void Publish() => Settings.Publish();
}
