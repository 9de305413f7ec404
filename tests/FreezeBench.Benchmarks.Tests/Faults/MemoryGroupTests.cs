using FreezeBench.Faults;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Faults;

/// <summary>In a control group with a memory limit, where the kernel kills who takes more: a batch that does not fit is told, and one that fits is found.</summary>
public sealed class MemoryGroupTests : IDisposable
{
    // Programs take 300 MB of it, libtorch's code not counted. The more is left, the larger the batches that fit, and the longer they compute.
    private const long LimitBytes = 700_000_000;

    // A step of it takes 1.5 GB, and 1 GB of the network that computes a tenth as much.
    private const int TooMuch = 512;
    private const string Lighter = "mobilenet_v3_small";

    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-memory-").FullName;
    private readonly MemoryGroup group = new(LimitBytes);

    public void Dispose()
    {
        group.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BatchThatDoesNotFit_IsOneMessage_AndExitCode2(bool measures)
    {
        var run = Run(measures, []);

        Assert.True(run.ExitCode == 2, $"{run.ExitCode}\n{run.Output}{run.Errors}");
        // Where the page cache of the group has taken more, memory is full before the first step.
        Assert.Matches($"Error: (Out of memory: --batch-size {TooMuch} at 64 px with fine-tune|the device's memory is full|the memory that this process may have)", run.Errors);
        // The kernel may be quicker than the bound of a case, which is then told.
        Assert.True(measures || !(run.Errors + run.Output).Contains("killed", StringComparison.Ordinal), run.Errors);
        Assert.False(HasRows);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AutoBatch_FindsOneThatFits(bool measures)
    {
        // A benchmark's case shares the group with the program that has looked how much is free, so that its first attempt may fail: not of a network that then has no message.
        var run = Run(measures, ["--auto-batch", .. measures ? (string[])[] : ["--network", Lighter]]);

        Assert.True(run.ExitCode == 0, $"{run.ExitCode}\n{run.Output}{run.Errors}");
        var (asked, used) = measures
            ? Assert.Single(Rows<BenchmarkRow>().Select(row => (row.AskedBatchSize!.Value, row.BatchSize)).Distinct())
            : Assert.Single(Rows<AccuracyRow>().Select(row => (row.AskedBatchSize!.Value, row.BatchSize)));
        Assert.Equal(TooMuch, asked);
        Assert.InRange(used, 1, TooMuch / 2);
    }

    // Where it is not a tensor that takes the last page but code that oneDNN makes for a new shape, an exception ends the process that no frame of .NET's hands on:
    // so it was at some of these limits.
    [Theory]
    [InlineData(false, 600_000_000)]
    [InlineData(true, 600_000_000)]
    public void NetworkWhoseCodeTakesTheLastPage_IsOneMessageToo(bool measures, long bytes)
    {
        using var small = new MemoryGroup(bytes);
        Assert.SkipUnless(small.IsThere, MemoryGroup.Refusal);
        var run = Run(measures, [measures ? "--backbone" : "--network", Lighter], small, batch: 256);

        Assert.True(run.ExitCode == 2, $"{run.ExitCode}\n{run.Output}{run.Errors}");
        Assert.Matches("Error: (Out of memory: --batch-size 256 at 64 px with fine-tune|the device's memory is full|the memory that this process may have)", run.Errors);
        Assert.DoesNotContain("terminate called", run.Errors, StringComparison.Ordinal);
        Assert.True(measures || !(run.Errors + run.Output).Contains("killed", StringComparison.Ordinal), run.Errors);
        Assert.False(HasRows);
    }

    private bool HasRows => Directory.Exists(Path.Combine(folder, "results")) && Rows<AccuracyRow>().Count + Rows<BenchmarkRow>().Count > 0;

    private ProgramRun Run(bool measures, string[] more, MemoryGroup? other = null, int batch = TooMuch)
    {
        Assert.SkipUnless(group.IsThere, MemoryGroup.Refusal);
        Assert.SkipUnless(BothPrograms.Measure || !measures, BothPrograms.DebugRefusal);
        string[] shared = ["--device", "cpu", "--threads", "1", "--resolution", "64", "--batch-size", $"{batch}", "--policies", "fine-tune", "--out", Path.Combine(folder, "results"), .. more];
        return measures
            ? (other ?? group).Run(BothPrograms.Benchmarks, [.. shared, "--quick", "--suites", "step", "--kernels", "fast", "--filter", "*StepSuite.Step*", "--images-per-epoch", $"{batch}", "--iterationCount", "1", "--invocationCount", "1", "--warmupCount", "0"])
            : (other ?? group).Run(BothPrograms.Accuracy, [.. shared, "--dataset", "synthetic", "--train-limit", $"{batch}", "--test-limit", "16", "--checkpoint-dir", Path.Combine(folder, "checkpoints"), "--no-feature-cache"]);
    }

    private IReadOnlyList<TRow> Rows<TRow>() where TRow : IResultRow => new ResultStore(Directory.GetDirectories(Path.Combine(folder, "results")).Single()).Read<TRow>();
}
