using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using FreezeBench.Benchmarks.Processes;
using FreezeBench.Results.Machine;

namespace FreezeBench.Benchmarks.Tests.Processes;

/// <summary>One case of <see cref="ProbeSuite"/> in a process that is this test program.</summary>
internal sealed class ProbeRun : IDisposable
{
    internal const string FolderVariable = "FREEZEBENCH_TEST_FOLDER";

    // Of a job whose process starts with the JIT's tiers, which take half of its CPU, where it is not asked how it is started.
    private const string TiersVariable = "FREEZEBENCH_TEST_TIERS";

    private readonly LogCapture log = new();

    /// <summary>Runs it beside other programs that keep so many cores busy, attempt by attempt; null: the system does not tell.</summary>
    internal static ProbeRun Beside(string what, params double?[] cores) => Beside(what, once: false, cores);

    /// <summary>The same where a case may be measured once only.</summary>
    internal static ProbeRun Beside(string what, bool once, params double?[] cores)
    {
        var attempts = new Queue<double?>(cores);
        return new ProbeRun(what, job => (once ? job : WithTiers(job)).WithToolchain(new OwnProcessToolchain(() => Load(attempts.Dequeue()), once)));
    }

    /// <summary>One beside which nothing is busy, and that is started as a measured case is.</summary>
    internal static ProbeRun OfMeasured() => new(ProbeSuite.Tells, job => job.WithToolchain(new OwnProcessToolchain(() => Load(0))));

    // A second of this machine, in ticks of 10 ms.
    private static OtherLoad Load(double? cores)
    {
        var read = 0;
        string? Line()
        {
            var (busy, all) = read++ == 0 ? (0, 0) : ((int)(100 * cores ?? 0), 100 * Environment.ProcessorCount);
            return cores is null ? null : $"cpu  {busy} 0 0 {all - busy} 0 0 0 0 0 0";
        }
        return new OtherLoad(Line, () => "1 (test) S 1 1 1 0 -1 4194560 99 98 97 96 0 0 0 0 20 0 12 0");
    }

    /// <summary>Runs it.</summary>
    /// <param name="what">The suite's parameter.</param>
    /// <param name="change">Makes the job another one than the process of the case makes.</param>
    internal ProbeRun(string what, Func<Job, Job>? change = null)
    {
        // Whatever this machine does meanwhile: a case is run once.
        var job = (change ?? (same => same))(Job(Folder).WithToolchain(new OwnProcessToolchain(() => Load(0), once: true)));
        var config = ManualConfig.CreateEmpty().AddJob(job).AddLogger(log).WithArtifactsPath(Folder)
            .AddFilter(new SimpleFilter(benchmark => (string)benchmark.Parameters[nameof(ProbeSuite.What)] == what));
        Report = BenchmarkRunner.Run<ProbeSuite>(config).Reports.Single();
    }

    internal string Folder { get; } = Directory.CreateTempSubdirectory("freezebench-probe-").FullName;

    internal BenchmarkReport Report { get; }

    /// <summary>What BenchmarkDotNet has logged.</summary>
    internal string Log => string.Concat(log.CapturedOutput.Select(part => part.Text));

    /// <summary>For the process of the case.</summary>
    internal static IConfig Config()
    {
        var job = Job(Environment.GetEnvironmentVariable(FolderVariable)!);
        return ManualConfig.CreateEmpty().AddJob(Environment.GetEnvironmentVariable(TiersVariable) is null ? job : WithTiers(job));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static Job WithTiers(Job job) => job.WithEnvironmentVariable(TiersVariable, "1").WithEnvironmentVariable("DOTNET_TieredCompilation", "1");

    private static Job Job(string folder) => new Job("probe").WithToolchain(OwnProcessToolchain.Instance).WithEnvironmentVariable(FolderVariable, folder)
        .WithStrategy(RunStrategy.Monitoring).WithLaunchCount(1).WithWarmupCount(1).WithIterationCount(2).WithInvocationCount(1).WithUnrollFactor(1);
}
