using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Reports;

namespace FreezeBench.Benchmarks.Running;

/// <summary>One measured iteration.</summary>
/// <param name="Operations">How many operations it ran.</param>
/// <param name="MsPerOperation">Milliseconds of one of them, on average.</param>
public sealed record Sample(long Operations, double MsPerOperation);

/// <summary>Reads BenchmarkDotNet's measurements: raw, without its outlier removal.</summary>
public static class Measured
{
    private const double NanosecondsPerMs = 1e6;

    /// <summary>Every measured iteration, in order.</summary>
    public static IReadOnlyList<Sample> Samples(BenchmarkReport report) =>
        [.. Actual(report).Select(m => new Sample(m.Operations, m.Nanoseconds / NanosecondsPerMs / m.Operations))];

    /// <summary>Calls of the benchmark method before the first measured one: jitting, pilot, warm-up.</summary>
    public static int WarmUpCalls(BenchmarkReport report) =>
        checked((int)report.AllMeasurements
            .Where(m => m.IterationMode == IterationMode.Workload && m.IterationStage is not (IterationStage.Actual or IterationStage.Result))
            .Sum(m => m.Operations));

    /// <summary>Cuts what a process kept for every call into measured iterations, warm-up calls left out.</summary>
    /// <param name="report">Tells how many calls were warm-up and how many each iteration had.</param>
    /// <param name="calls">A value for every call, in order.</param>
    /// <returns>The mean of the calls of each measured iteration.</returns>
    /// <exception cref="InvalidOperationException">The number of calls is not the number that BenchmarkDotNet counted.</exception>
    public static IReadOnlyList<double> PerIteration(BenchmarkReport report, IReadOnlyList<double> calls)
    {
        var position = WarmUpCalls(report);
        var expected = position + Actual(report).Sum(m => m.Operations);
        if (calls.Count != expected)
            throw new InvalidOperationException($"{report.BenchmarkCase.DisplayInfo}: {calls.Count} calls were recorded, BenchmarkDotNet counted {expected}. The parts of the operation cannot be told from its warm-up; leave out options that add runs of their own (--memory, --profiler).");
        List<double> means = [];
        foreach (var operations in Actual(report).Select(m => checked((int)m.Operations)))
        {
            means.Add(calls.Skip(position).Take(operations).Average());
            position += operations;
        }
        return means;
    }

    private static IEnumerable<BenchmarkDotNet.Reports.Measurement> Actual(BenchmarkReport report) =>
        report.AllMeasurements.Where(m => m.IterationMode == IterationMode.Workload && m.IterationStage == IterationStage.Actual);
}
