using System.Globalization;
using BenchmarkDotNet.EventProcessors;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using FreezeBench.Results.Machine;
using Spectre.Console;

namespace FreezeBench.Benchmarks.Running;

/// <summary>A line for each case that has ended, on standard error; on a terminal also what runs now.</summary>
/// <param name="console">Standard error.</param>
/// <param name="total">Number of cases.</param>
/// <param name="nowRunning">Told what runs now; a live status on a terminal.</param>
public sealed class ProgressReporter(IAnsiConsole console, int total, Action<string> nowRunning) : EventProcessor
{
    private int ended;
    private OtherLoad? others;

    /// <summary>Cores that other programs kept busy while cases ran; null where unknown.</summary>
    public double? OthersBusyCores { get; private set; }

    /// <inheritdoc/>
    public override void OnStartRunStage() => others = new OtherLoad();

    /// <inheritdoc/>
    public override void OnEndRunStage() => OthersBusyCores = others?.BusyCores();

    /// <inheritdoc/>
    public override void OnStartRunBenchmark(BenchmarkCase benchmarkCase) =>
        nowRunning(string.Create(CultureInfo.InvariantCulture, $"[[{ended + 1}/{total}]] {Markup.Escape(Name(benchmarkCase))}"));

    /// <inheritdoc/>
    public override void OnEndRunBenchmark(BenchmarkCase benchmarkCase, BenchmarkReport report)
    {
        ended++;
        var samples = report.Success ? Measured.Samples(report) : [];
        var outcome = samples is [] ? "[red]failed[/]" : string.Create(CultureInfo.InvariantCulture, $"{Median(samples),10:0.000} ms  n={samples.Count}");
        console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"[[{ended,2}/{total}]] {Markup.Escape(Name(benchmarkCase)),-38} {outcome}"));
    }

    private static string Name(BenchmarkCase benchmark) =>
        $"{SuiteCatalog.Of(benchmark).Name} {SuiteCatalog.MethodOf(benchmark)} {SuiteCatalog.PolicyOf(benchmark).Name} {SuiteCatalog.KernelsOf(benchmark)}{(SuiteCatalog.SizeOf(benchmark) is { } size ? $" {size}" : "")}";

    private static double Median(IReadOnlyList<Sample> samples) => FreezeBench.Results.Statistics.SampleSummary.Of([.. samples.Select(sample => sample.MsPerOperation)]).Median;
}
