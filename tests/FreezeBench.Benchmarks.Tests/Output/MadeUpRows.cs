using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Tests.Rows;

namespace FreezeBench.Benchmarks.Tests.Output;

/// <summary>Rows as no machine measured them.</summary>
internal static class MadeUpRows
{
    internal static RunStamp Stamp { get; } = new() { RunId = "run", EnvironmentId = "environment", UtcTime = DateTimeOffset.UnixEpoch, Git = GitState.None };

    internal static BenchmarkRow Row(string suite, string policy, string phase, params double[] samplesMs) => new BenchmarkMeasurement
    {
        Case = MadeUpCase.Step with { Suite = suite, Policy = policy, Phase = phase, BatchSize = 64, Images = 512 },
        WarmUpCount = 1,
        OperationsPerSample = 1,
        SamplesMs = samplesMs,
    }.ToRow(Stamp);
}
