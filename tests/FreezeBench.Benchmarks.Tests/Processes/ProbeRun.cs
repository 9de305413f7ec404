using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using FreezeBench.Benchmarks.Processes;

namespace FreezeBench.Benchmarks.Tests.Processes;

/// <summary>One case of <see cref="ProbeSuite"/> in a process that is this test program.</summary>
internal sealed class ProbeRun : IDisposable
{
    internal const string FolderVariable = "FREEZEBENCH_TEST_FOLDER";

    private readonly LogCapture log = new();

    /// <summary>Runs it.</summary>
    /// <param name="what">The suite's parameter.</param>
    /// <param name="change">Makes the job another one than the process of the case makes.</param>
    internal ProbeRun(string what, Func<Job, Job>? change = null)
    {
        var job = (change ?? (same => same))(Job(Folder));
        var config = ManualConfig.CreateEmpty().AddJob(job).AddLogger(log).WithArtifactsPath(Folder)
            .AddFilter(new SimpleFilter(benchmark => (string)benchmark.Parameters[nameof(ProbeSuite.What)] == what));
        Report = BenchmarkRunner.Run<ProbeSuite>(config).Reports.Single();
    }

    internal string Folder { get; } = Directory.CreateTempSubdirectory("freezebench-probe-").FullName;

    internal BenchmarkReport Report { get; }

    /// <summary>What BenchmarkDotNet has logged.</summary>
    internal string Log => string.Concat(log.CapturedOutput.Select(part => part.Text));

    /// <summary>For the process of the case.</summary>
    internal static IConfig Config() => ManualConfig.CreateEmpty().AddJob(Job(Environment.GetEnvironmentVariable(FolderVariable)!));

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static Job Job(string folder) => new Job("probe").WithToolchain(OwnProcessToolchain.Instance).WithEnvironmentVariable(FolderVariable, folder)
        .WithStrategy(RunStrategy.Monitoring).WithLaunchCount(1).WithWarmupCount(1).WithIterationCount(2).WithInvocationCount(1).WithUnrollFactor(1);
}
