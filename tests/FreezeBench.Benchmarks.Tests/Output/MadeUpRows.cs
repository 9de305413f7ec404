using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Benchmarks.Tests.Output;

/// <summary>Rows as no machine measured them.</summary>
internal static class MadeUpRows
{
    private static readonly RunStamp stamp = new() { RunId = "run", EnvironmentId = "environment", UtcTime = DateTimeOffset.UnixEpoch, Git = GitState.None };

    internal static BenchmarkRow Row(string suite, string policy, string phase, params double[] samplesMs) => new BenchmarkMeasurement
    {
        Case = new BenchmarkCase
        {
            Kernels = KernelKind.Fast,
            Suite = suite,
            Policy = policy,
            Phase = phase,
            Backbone = "resnet18",
            Weights = "random",
            Dataset = "synthetic",
            Classes = 10,
            ResolutionPx = 32,
            BatchSize = 64,
            Images = 512,
            Precision = "fp32",
            MemoryFormat = "channels-last",
            Threads = 2,
            Device = "cpu",
        },
        WarmUpCount = 1,
        OperationsPerSample = 1,
        SamplesMs = samplesMs,
    }.ToRow(stamp);
}
