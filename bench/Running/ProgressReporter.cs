using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.EventProcessors;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using FreezeBench.Benchmarks.Processes;
using Spectre.Console;

namespace FreezeBench.Benchmarks.Running;

/// <summary>A line for each case that has ended, on standard error; on a terminal also what runs now.</summary>
/// <param name="console">Standard error.</param>
/// <param name="total">Number of cases.</param>
/// <param name="nowRunning">Told what runs now; a live status on a terminal.</param>
/// <param name="endedBefore">Cases that have ended by now.</param>
public sealed class ProgressReporter(IAnsiConsole console, int total, Action<string> nowRunning, int endedBefore = 0) : EventProcessor
{
    private readonly List<CaseTime> times = [];
    private long began;

    /// <summary>Times of the cases that it saw, in their order.</summary>
    public IReadOnlyList<CaseTime> Times => times;

    /// <summary>Cases that have ended.</summary>
    public int Ended { get; private set; } = endedBefore;

    /// <summary>Called with every case's report before it is told that the case has ended; null: nobody.</summary>
    public Action<BenchmarkReport>? OnReport { get; set; }

    public override void OnStartRunBenchmark(BenchmarkCase benchmarkCase)
    {
        began = Stopwatch.GetTimestamp();
        nowRunning(string.Create(CultureInfo.InvariantCulture, $"[[{Ended + 1}/{total}]] {Markup.Escape(Name(benchmarkCase))}"));
    }

    public override void OnEndRunBenchmark(BenchmarkCase benchmarkCase, BenchmarkReport report)
    {
        var samples = report.Success ? Measured.Samples(report) : [];
        times.Add(new CaseTime(Stopwatch.GetElapsedTime(began), samples));
        OnReport?.Invoke(report);
        Ended++;
        var outcome = samples is [] ? "[red]failed[/]" : string.Create(CultureInfo.InvariantCulture, $"{Median(samples),10:0.000} ms  n={samples.Count}{Others(CaseLoads.Of(benchmarkCase))}");
        console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"[[{Ended,2}/{total}]] {Markup.Escape(Name(benchmarkCase)),-38} {outcome}"));
    }

    // The cores that others kept busy, with the mark of the table; or that it was measured twice for it.
    private static string Others(CaseLoad load) =>
        load.Disturbed ? string.Create(CultureInfo.InvariantCulture, $" [yellow]*{load.OthersBusyCores:0.0}[/]") : load.FirstAttempt is not null ? " 2nd" : "";

    private static string Name(BenchmarkCase benchmark) =>
        $"{SuiteCatalog.Of(benchmark).Name} {SuiteCatalog.MethodOf(benchmark)} {SuiteCatalog.PolicyOf(benchmark).Name} {SuiteCatalog.KernelsOf(benchmark)}{(SuiteCatalog.SizeOf(benchmark) is { } size ? $" {size}" : "")}";

    private static double Median(IReadOnlyList<Sample> samples) => FreezeBench.Results.Statistics.SampleSummary.Of([.. samples.Select(sample => sample.MsPerOperation)]).Median;
}
