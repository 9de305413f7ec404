using BenchmarkDotNet.Configs;
using BenchmarkDotNet.EventProcessors;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using FreezeBench.Results;

namespace FreezeBench.Benchmarks.Running;

/// <summary>Runs the cases of the chosen suites: a process for each case.</summary>
public static class BenchmarkRun
{
    /// <summary>The cases that a run would measure.</summary>
    /// <param name="suites">Names of suites.</param>
    /// <param name="config">Ours and the user's.</param>
    /// <exception cref="UserErrorException">The user's filter leaves none.</exception>
    public static BenchmarkRunInfo[] Plan(IReadOnlyList<string> suites, IConfig config)
    {
        BenchmarkRunInfo[] plan =
        [
            .. SuiteCatalog.All.Where(suite => suites.Contains(suite.Name))
                .Select(suite => BenchmarkConverter.TypeToBenchmarks(suite.Type, config))
                .Where(info => info.BenchmarksCases.Length > 0),
        ];
        return plan is [] ? throw new UserErrorException("No benchmark case is left by --filter, --suites and --policies. --list flat shows the names that a filter is matched against.") : plan;
    }

    /// <summary>The same cases, with somebody told of their progress.</summary>
    public static BenchmarkRunInfo[] WithEvents(BenchmarkRunInfo[] plan, EventProcessor events) =>
        [.. plan.Select(info => BenchmarkConverter.TypeToBenchmarks(info.Type, ManualConfig.Create(info.Config).AddEventProcessor(events)))];

    /// <summary>Runs the plan.</summary>
    /// <returns>The report of every case that ran, failed ones included.</returns>
    public static IReadOnlyList<BenchmarkReport> Run(BenchmarkRunInfo[] plan) =>
        [.. BenchmarkRunner.Run(plan).SelectMany(summary => summary.Reports)];

    /// <summary>Lets BenchmarkDotNet print what it was asked for (<c>--list</c>, <c>--info</c>).</summary>
    public static void Print(IReadOnlyList<string> suites, string[] arguments, IConfig config) =>
        BenchmarkSwitcher.FromTypes([.. SuiteCatalog.All.Where(suite => suites.Contains(suite.Name)).Select(suite => suite.Type)])
            .Run(arguments, ManualConfig.Create(config).AddLogger(ConsoleLogger.Default));
}
