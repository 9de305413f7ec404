using FreezeBench.Benchmarks.Output;
using FreezeBench.Freezing;
using FreezeBench.Networks.Catalog;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Tests.Rows;
using Spectre.Console.Testing;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Output;

public class ScalingTablesTests
{
    private static readonly RunStamp stamp = new() { RunId = "run", EnvironmentId = "environment", UtcTime = DateTimeOffset.UnixEpoch, Git = GitState.None };

    private static BenchmarkRow Row(string policy, string phase, int batchSize, int resolutionPx, int images, double ms, string suite = "scaling") => new BenchmarkMeasurement
    {
        Case = MadeUpCase.Step with { Suite = suite, Policy = policy, Phase = phase, ResolutionPx = resolutionPx, BatchSize = batchSize, Images = images },
        WarmUpCount = 1,
        OperationsPerSample = 1,
        SamplesMs = [ms, ms, ms, ms],
    }.ToRow(stamp);

    private static string[] Print(params BenchmarkRow[] rows)
    {
        using var console = new TestConsole();
        new ScalingTables(rows).Write(console);
        return [.. console.Output.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
    }

    private static string[] Cells(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void Throughput_StandsByBatchSizeAndResolution_WithADashForWhatWasNotMeasured()
    {
        var lines = Print(
            Row("frozen", "step", 8, 32, 8, 4), Row("frozen", "step", 32, 32, 32, 10), Row("frozen", "step", 8, 64, 8, 16),
            Row("fine-tune", "step", 8, 32, 8, 100), Row("fine-tune", "step", 8, 64, 8, 1, suite: "step"));

        Assert.Contains("fine-tune: images/s of a training step by batch size and resolution.", lines);
        var frozen = lines.SkipWhile(line => !line.StartsWith("frozen:", StringComparison.Ordinal)).ToList();
        Assert.Equal(["images", "a", "step", "32", "px", "64", "px"], Cells(frozen[1]));
        Assert.Contains(frozen, line => Cells(line) is ["8", "2000", "500"]);
        Assert.Contains(frozen, line => Cells(line) is ["32", "3200", "-"]);
        // The step suite's row is not of this table.
        Assert.Contains(lines, line => Cells(line) is ["8", "80.0"]);
    }

    [Fact]
    public void Epochs_LieOnALine_WhoseSlopeIsAThroughput()
    {
        var lines = Print(Row("frozen", "epoch_of_64", 64, 32, 64, 30), Row("frozen", "epoch_of_128", 64, 32, 128, 50), Row("frozen", "epoch_of_512", 64, 32, 512, 170));

        Assert.Equal(["frozen: an epoch takes 10 ms + images / (3200 images/s).", "off that line: 0 ms RMS, 0.0 % at most."], lines);
    }

    [Fact]
    public void TwoLengths_AreNoEvidenceOfALine() => Assert.Empty(Print(Row("frozen", "epoch_of_64", 64, 32, 64, 30), Row("frozen", "epoch_of_128", 64, 32, 128, 50)));

    [Fact]
    public void Overhead_IsAShareOfTheStepBesideIt() => Assert.Equal(
        ["frozen: beside libtorch's work, at most 0.50 ms of a step's 80.0 ms", "(batch 128, 32 px): 0.63 %."],
        Print(Row("frozen", "harness_overhead", 2, 32, 2, 0.5), Row("frozen", "paired_step", 128, 32, 128, 80)));

    [Fact]
    public void Utilisation_IsOperationsByTimeByPeak()
    {
        var flops = StepFlops.Of(NetworkCatalog.ResNet18, 10, 32, FreezingPolicy.FineTune, withPadding: false);
        double? Of(string phase, double? peak = 1e11) => CaseFlops.Utilisation(phase, NetworkCatalog.ResNet18, 10, 32, FreezingPolicy.FineTune, images: 64, medianMs: 500, peak);

        Assert.Equal(64 * flops.Forward / 0.5 / 1e11, Of("forward")!.Value, 1e-12);
        Assert.Equal(64 * flops.Backward / 0.5 / 1e11, Of("backward")!.Value, 1e-12);
        Assert.Equal(64 * (flops.Forward + flops.Backward) / 0.5 / 1e11, Of("epoch_of_64")!.Value, 1e-12);
        Assert.Equal(Of("step"), Of("epoch"));
        Assert.Equal(64 * flops.BackboneForward / 0.5 / 1e11, Of("feature_extraction")!.Value, 1e-12);
        Assert.All(["data", "loss", "zero_grad", "optimizer", "harness_overhead", "epochs_in_turn", "extraction_and_floor"], phase => Assert.Null(Of(phase)));
        Assert.Null(Of("step", peak: null));
    }
}
