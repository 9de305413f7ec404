using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Filters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using FreezeBench.Benchmarks.Settings;

namespace FreezeBench.Benchmarks.Running;

/// <summary>BenchmarkDotNet's configuration of all suites.</summary>
public static class SuiteConfig
{
    /// <summary>The configuration without what the user asks of BenchmarkDotNet on the command line.</summary>
    /// <param name="quick">Few, short iterations.</param>
    /// <param name="artifacts">Folder for BenchmarkDotNet's own log, Markdown and JSON.</param>
    /// <param name="cuda">Whether the cases run on a GPU.</param>
    public static IConfig Create(bool quick, string artifacts, bool cuda = false)
    {
        Job single = SuiteJobs.SingleCall(quick), many = SuiteJobs.ManyCalls(quick, cuda);
        return ManualConfig.CreateEmpty()
            .AddJob(single, many)
            // Two jobs times all cases: each case keeps the one that suits it. Told apart by their strategy, since a job that
            // BenchmarkDotNet changes for the user (--iterationCount) loses its id.
            .AddFilter(new SimpleFilter(benchmark => SuiteCatalog.IsLong(benchmark) == (benchmark.Job.Run.RunStrategy == single.Run.RunStrategy)))
            .AddFilter(new SimpleFilter(benchmark => SuiteCatalog.Of(benchmark).Measures(SuiteCatalog.MethodOf(benchmark), SuiteCatalog.PolicyOf(benchmark))))
            .AddFilter(new SimpleFilter(benchmark => BenchmarkSettings.Published().Measures(SuiteCatalog.Of(benchmark).Name, SuiteCatalog.PolicyOf(benchmark), SuiteCatalog.KernelsOf(benchmark))))
            .AddLogger(NullLogger.Instance)  // BenchmarkDotNet writes its log file anyway; the terminal is ours
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddExporter(MarkdownExporter.GitHub, JsonExporter.Full)
            .WithArtifactsPath(artifacts);
    }

    /// <summary>The configuration of the program that has published its settings, for the process of a case.</summary>
    public static IConfig OfCase()
    {
        var settings = BenchmarkSettings.Published();
        return ManualConfig.Union(Create(settings.Quick, artifacts: "", settings.Device != "cpu"), BenchmarkArguments.Parse(settings.BenchmarkDotNetArguments).Config);
    }
}
