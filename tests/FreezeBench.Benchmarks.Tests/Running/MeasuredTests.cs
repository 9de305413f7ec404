using System.Globalization;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Toolchains.Results;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Output;
using FreezeBench.Benchmarks.Running;
using FreezeBench.Benchmarks.Tests.Output;
using FreezeBench.Benchmarks.Tests.Processes;
using FreezeBench.Benchmarks.Tests.Settings;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Torch.Hardware;
using TorchSharp;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Running;

[Collection(ProgramHere.Collection)]
public class MeasuredTests
{
    // As the engine prints them in the process of a case: 1 + 4 + 2 warm-up calls, then three iterations of two calls each.
    private static readonly BenchmarkReport report = Report(
        "WorkloadJitting  1: 1 op, 9000000.00 ns, 9.0000 ms/op",
        "WorkloadPilot    1: 4 op, 8000000.00 ns, 2.0000 ms/op",
        "WorkloadWarmup   1: 2 op, 4000000.00 ns, 2.0000 ms/op",
        "WorkloadActual   1: 2 op, 4000000.00 ns, 2.0000 ms/op",
        "WorkloadActual   2: 2 op, 90000000.00 ns, 45.0000 ms/op",
        "WorkloadActual   3: 2 op, 6000000.00 ns, 3.0000 ms/op",
        "WorkloadResult   1: 2 op, 4000000.00 ns, 2.0000 ms/op");

    [Fact]
    public void Samples_AreEveryMeasuredIteration_OutliersToo() =>
        Assert.Equal([new Sample(2, 2), new Sample(2, 45), new Sample(2, 3)], Measured.Samples(report));

    [Fact]
    public void WarmUp_IsEveryCallBeforeTheFirstMeasuredOne() => Assert.Equal(7, Measured.WarmUpCalls(report));

    [Fact]
    public void Parts_AreCutIntoMeasuredIterations_WithoutTheWarmUp()
    {
        double[] calls = [.. Enumerable.Repeat(1000.0, 7), 1, 3, 10, 20, 5, 5];

        Assert.Equal([2, 15, 5], Measured.PerIteration(report, calls));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(14)]
    public void Parts_ThatDoNotMatchTheCount_AreRefused_RatherThanGuessed(int calls)
    {
        var error = Assert.Throws<InvalidOperationException>(() => Measured.PerIteration(report, new double[calls]));

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"{calls} calls were recorded, BenchmarkDotNet counted 13"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CaseWithoutARecord_IsAFailure_AndNotTheEndOfTheRun()
    {
        var evaluation = new CaseEvaluation(new CaseMeasurements(Published.Settings, classes: 10, new DeviceChoice(DeviceType.CPU, 0, "as asked")));

        Assert.Empty(evaluation.Of(report));
        Assert.Contains("left no record", Assert.Single(evaluation.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void LoweredBatch_IsTheOneOfTheRow_BesideTheOneAskedFor()
    {
        var settings = Published.Settings with { RecordFolder = Directory.CreateTempSubdirectory("freezebench-").FullName };
        try
        {
            new CaseRecord(new Dictionary<string, IReadOnlyList<double>>(), new MeasuredMemory(7, MemorySource.CardGrowth))
            {
                BatchSize = 16,
                MeasuredIterations = 1,
                Parameters = new ParameterCounts(5130, 11_181_642, 20_520),
                State = new WatchedState { ClockStartMhz = 1980, ClockEndMhz = 1785 },
                Bound = new StepBound(SingleMs: 10, StepMs: 9, IssueMs: 8.9),
                DeviceTimesMs = new Dictionary<string, double> { ["step"] = 4.5 },
            }
                .Write(settings.RecordFolder, "Depth", settings.Size.Of("depth", "fine-tune", KernelKind.Fast));

            var measurement = Assert.Single(new CaseEvaluation(new CaseMeasurements(settings, classes: 10, new DeviceChoice(DeviceType.CPU, 0, "as asked"))).Of(report));

            Assert.Equal((16, 16, 64), (measurement.Case.BatchSize, measurement.Case.Images, measurement.AskedBatchSize));
            Assert.Equal((KernelKind.Fast, 5130), (measurement.Case.Kernels, measurement.Parameters!.Trainable));
            var row = measurement.ToRow(MadeUpRows.Stamp);
            Assert.Equal((7L, MemorySource.CardGrowth, 1980, 1785), (row.PeakMemoryBytes, row.MemorySource, row.ClockStartMhz, row.ClockEndMhz));
            Assert.Equal((BoundBy.Host, 8.9 / 9, 4.5), (row.BoundBy, row.HostIssueRatio, row.DeviceTimeMs));
        }
        finally
        {
            Directory.Delete(settings.RecordFolder, recursive: true);
        }
    }

    private static BenchmarkReport Report(params string[] lines)
    {
        Published.Publish();
        var benchmark = BenchmarkRun.Plan(["depth"], SuiteConfig.Create(quick: false, "artifacts"))[0].BenchmarksCases[0];
        var executed = new ExecuteResult(foundExecutable: true, exitCode: 0, processId: 1, lines, prefixedLines: [], standardOutput: [], launchIndex: 1);
        return new BenchmarkReport(success: true, benchmark, generateResult: null!, buildResult: null!, [executed], metrics: []);
    }
}
