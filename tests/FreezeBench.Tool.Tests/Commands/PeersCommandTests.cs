using System.Globalization;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Tool.Commands;
using FreezeBench.Tool.Tests.Peers;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

public sealed class PeersCommandTests : IDisposable
{
    private readonly MadeUpPeers peers = new();

    public void Dispose() => peers.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("de-DE")]
    public void Table_IsOfTheRunsMedians_UnderEveryCulture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            peers.WithFiveRuns();
            // 100, 110 and 120 against 50 and 60: the pairs' ratios are 1.67, 1.83, 2, 2, 2.2 and 2.4.
            Assert.Equal($"""
                step: resnet18, random weights, synthetic, 10 classes, 32 px, batch 128, 128 images, fp32, channels-last, 2 threads, cpu
                AMD EPYC, AVX-512, 2 cores, Debian: TorchSharp 0.107.0 on libtorch 2.10.0 ({MadeUpPeers.Ours.Id}), pytorch 2.9.1 ({MadeUpPeers.Theirs.Id})

                policy     phase  torchsharp  pytorch  ratio     95 % bounds     n
                fine-tune  step          110     55.0   2.00  (1.67 .. 2.40)  3, 2

                ratio: torchsharp / the other, above 1 torchsharp takes more; times in ms and memory in MiB, medians of the runs' medians.
                (a .. b): no bounds, too few runs (4 and 4 give some); the lowest and the highest ratio of single runs. -: one run a side.

                """.ReplaceLineEndings("\n"), Output());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Markdown_HasTheSameCells()
    {
        peers.WithFiveRuns();

        Assert.Contains("""
            | policy | phase | torchsharp | pytorch | ratio | 95 % bounds | n |
            |---|---|--:|--:|--:|--:|--:|
            | `fine-tune` | step | 110 | 55.0 | 2.00 | (1.67 .. 2.40) | 3, 2 |
            """.ReplaceLineEndings("\n"), Output("--format", "markdown"), StringComparison.Ordinal);
    }

    [Fact]
    public void PlainKernels_StandBesideTheTwinInRowsOfTheirOwn_AndAColumnSaysSo()
    {
        peers.WithFiveRuns();
        peers.Add(MadeUpPeers.Ours, 6, MadeUpPeers.Case with { Kernels = KernelKind.Plain }, 200);

        Assert.Contains("""
            policy     kernels  phase  torchsharp  pytorch  ratio     95 % bounds     n
            fine-tune  fast     step          110     55.0   2.00  (1.67 .. 2.40)  3, 2
            fine-tune  plain    step          200     55.0   3.67  (3.33 .. 4.00)  1, 2
            """.ReplaceLineEndings("\n"), Output(), StringComparison.Ordinal);
        Assert.Contains("""
            | policy | kernels | phase | torchsharp | pytorch | ratio | 95 % bounds | n |
            |---|---|---|--:|--:|--:|--:|--:|
            | `fine-tune` | fast | step |
            """.ReplaceLineEndings("\n"), Output("--format", "markdown"), StringComparison.Ordinal);
    }

    [Fact]
    public void EagerAndCompiled_AreTablesOfTheirOwn()
    {
        peers.WithFiveRuns();
        peers.Add(MadeUpPeers.Theirs, 6, MadeUpPeers.Twin with { Framework = "pytorch-compile" }, 40);

        var output = Output();

        Assert.Matches("phase  torchsharp  pytorch  ratio", output);
        Assert.Matches("phase  torchsharp  pytorch-compile  ratio", output);
        Assert.Matches("110 +40.0 +2.75 +\\(2.50 .. 3.00\\)  3, 1", output);
    }

    [Fact]
    public void OneRunASide_HasNoRange()
    {
        peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case, 100);
        peers.Add(MadeUpPeers.Theirs, 2, MadeUpPeers.Twin, 50);

        Assert.Matches("100 +50.0 +2.00 +-  1, 1\n", Output());
    }

    [Fact]
    public void Since_LeavesOutOlderRuns()
    {
        peers.WithFiveRuns();

        Assert.Matches("fine-tune  step +115 +60.0 +1.92 +\\(1.83 .. 2.00\\)  2, 1", Output("--since", "20260103T000000Z"));
    }

    [Fact]
    public void PeakMemory_OfWholeStepsAndEpochs_IsARowOfItsOwn()
    {
        foreach (var phase in (string[])["step", "backward"])
        {
            peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case with { Phase = phase }, 100, peakMemoryBytes: 300 << 20);
            peers.Add(MadeUpPeers.Theirs, 2, MadeUpPeers.Twin with { Phase = phase }, 50, peakMemoryBytes: 400 << 20);
        }

        var output = Output();

        Assert.Matches("fine-tune  step: peak MiB +300 +400 +0.75 +-  1, 1\n", output);
        Assert.DoesNotContain("backward: peak", output, StringComparison.Ordinal);
    }

    [Fact]
    public void MemoryOfUnlikeSources_MakesNoRatio_AndIsCounted()
    {
        peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case, 100, peakMemoryBytes: 300 << 20, MemorySource.ProcessGrowth);
        peers.Add(MadeUpPeers.Theirs, 2, MadeUpPeers.Twin, 50, peakMemoryBytes: 400 << 20, MemorySource.CardGrowth);

        var output = Output();

        Assert.DoesNotContain("peak MiB", output, StringComparison.Ordinal);
        Assert.Contains("1 case whose memory was not measured alike (memory_source of benchmarks.csv): it makes no ratio.", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Brief_LeavesOutThePartsOfAStep()
    {
        foreach (var phase in (string[])["step", "step_synchronised", "backward"])
        {
            peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case with { Phase = phase }, 100, peakMemoryBytes: 300 << 20);
            peers.Add(MadeUpPeers.Theirs, 2, MadeUpPeers.Twin with { Phase = phase }, 50, peakMemoryBytes: 400 << 20);
        }

        var output = Output("--brief");

        Assert.Matches("fine-tune  step  ", output);
        Assert.Matches("fine-tune  step: peak MiB", output);
        Assert.DoesNotMatch("fine-tune  (backward|step_synchronised)", output);
    }

    [Fact]
    public void UnknownMemory_MakesNoRow()
    {
        peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case, 100, peakMemoryBytes: 300 << 20);
        peers.Add(MadeUpPeers.Theirs, 2, MadeUpPeers.Twin, 50);

        Assert.DoesNotContain("peak MiB", Output(), StringComparison.Ordinal);
    }

    [Fact]
    public void TenCachedEpochs_WithTheirExtraction_AreSetAgainstTenFrozenOnes()
    {
        var (cached, frozen) = (MadeUpPeers.Case with { Suite = "epoch", Phase = "epoch", Policy = "frozen-cached" }, MadeUpPeers.Twin with { Suite = "epoch", Phase = "epoch", Policy = "frozen" });
        peers.Add(MadeUpPeers.Ours, 1, cached with { Phase = "feature_extraction" }, 60);
        peers.Add(MadeUpPeers.Ours, 1, cached, 4);
        peers.Add(MadeUpPeers.Theirs, 2, frozen, 100);
        // A case that both have: without one there would be no table.
        peers.Add(MadeUpPeers.Ours, 1, cached with { Policy = "frozen" }, 50);

        var output = Output();

        // 60 + 10 x 4 against 10 x 100.
        Assert.Matches("frozen-cached/frozen  10 epochs +100 +1000 +0.10 +-  1, 1\n", output);
        Assert.Contains("frozen-cached/frozen, 10 epochs: of torchsharp the extraction and 10 epochs of frozen-cached", output, StringComparison.Ordinal);
    }

    [Fact]
    public void DisturbedRun_IsLeftOutWithItsReason()
    {
        peers.WithFiveRuns();
        var run = peers.Add(MadeUpPeers.Ours, 6, MadeUpPeers.Case, 9999);
        Assert.Equal(0, ToolRun.Of("remark", run, "--results", peers.Folder, "--times-disturbed", "a build ran").ExitCode);

        var output = Output();

        Assert.Matches("110 +55.0 +2.00", output);
        Assert.Contains($"note: Run {run} is left out, its times were disturbed: a build ran", output, StringComparison.Ordinal);
    }

    [Fact]
    public void CaseOfOneSide_IsCounted_AndMakesNoRatio()
    {
        peers.WithFiveRuns();
        peers.Add(MadeUpPeers.Ours, 6, MadeUpPeers.Case with { BatchSize = 64 }, 7);
        peers.Add(MadeUpPeers.Theirs, 6, MadeUpPeers.Twin with { Threads = 1 }, 7);

        var output = Output();

        Assert.Contains("1 case of torchsharp without counterpart", output, StringComparison.Ordinal);
        Assert.Contains("1 case of pytorch without counterpart", output, StringComparison.Ordinal);
        Assert.DoesNotContain("batch 64", output, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherMachine_IsRefused_AndTheFactNamed()
    {
        peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case, 100);
        peers.Add(MadeUpPeers.Theirs with { Machine = MadeUpPeers.Theirs.Machine with { LogicalCores = 16 } }, 2, MadeUpPeers.Twin, 50);

        Assert.Contains($"{MadeUpPeers.Ours.Id} differs by cores: 2, 16.", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void UnlikeCpusOfOneName_AreTwoMachines()
    {
        peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case, 100);
        var machine = MadeUpPeers.Theirs.Machine with { CpuFamily = "AuthenticAMD family 25 model 1 stepping 1", CpuVectorExtension = "avx2" };
        peers.Add(MadeUpPeers.Theirs with { Machine = machine }, 2, MadeUpPeers.Twin, 50);

        Assert.Contains(
            $"{MadeUpPeers.Ours.Id} differs by CPU family: AuthenticAMD family 26 model 2 stepping 1, AuthenticAMD family 25 model 1 stepping 1; CPU vector extension: avx512, avx2.",
            Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void RecordsOfVersionOne_PairWithEachOther_AndWithNoOther()
    {
        var (ours, theirs) = (MadeUpPeers.Old(MadeUpPeers.Ours), MadeUpPeers.Old(MadeUpPeers.Theirs));
        peers.Add(ours, 1, MadeUpPeers.Case, 100);
        peers.Add(MadeUpPeers.Theirs, 2, MadeUpPeers.Twin, 50);
        Assert.Contains($"{ours.Id} differs by CPU family: unknown, AuthenticAMD family 26", Refusal(), StringComparison.Ordinal);

        peers.Add(theirs, 3, MadeUpPeers.Twin, 40);

        var output = Output();
        Assert.Contains($"AMD EPYC, 2 cores, Debian: TorchSharp 0.107.0 on libtorch 2.10.0 ({ours.Id}), pytorch 2.9.1 ({theirs.Id})", output, StringComparison.Ordinal);
        Assert.Matches("100 +40.0 +2.50", output);
    }

    [Fact]
    public void OneSideAlone_IsRefused_AndTheWayToTheOtherNamed()
    {
        peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case, 100);

        Assert.Contains("no row of another framework. ./run-benchmarks.sh --peers", Refusal(), StringComparison.Ordinal);
        peers.Add(MadeUpPeers.Theirs, 2, MadeUpPeers.Twin, 50);
        Assert.Contains("no row of torchsharp since 20260102", Refusal("--since", "20260102"), StringComparison.Ordinal);
    }

    [Fact]
    public void UnlikeSettings_AreRefused()
    {
        peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case, 100);
        peers.Add(MadeUpPeers.Theirs, 2, MadeUpPeers.Twin with { ResolutionPx = 64 }, 50);

        Assert.Contains("No case was measured by both frameworks", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--format", "html")]
    [InlineData("--since", "yesterday")]
    public void BadOption_IsABadRequest(string option, string value) => Assert.Contains(value, Refusal(option, value), StringComparison.Ordinal);

    [Fact]
    public void RowsOfTwoCommits_AreSaidToBe()
    {
        peers.WithFiveRuns();
        var store = new ResultStore(Path.Combine(peers.Folder, MadeUpPeers.Ours.Id));
        store.Append(store.Read<BenchmarkRow>()[0] with { RunId = "20260106T000000Z-0011aabb", Commit = "fedcba", Dirty = true });

        var output = Output();

        Assert.Contains("the runs are of 2 commits", output, StringComparison.Ordinal);
        Assert.Contains("a working tree that differed from its commit", output, StringComparison.Ordinal);
    }

    [Fact]
    public void ThrottledRows_AreSaidToBe()
    {
        peers.WithFiveRuns();
        Assert.DoesNotContain("throttled", Output(), StringComparison.Ordinal);
        var store = new ResultStore(Path.Combine(peers.Folder, MadeUpPeers.Ours.Id));
        store.Append(store.Read<BenchmarkRow>()[0] with { RunId = "20260106T000000Z-0011aabb", Throttled = true });

        Assert.Contains("some runs were throttled", Output(), StringComparison.Ordinal);
    }

    private string Output(params string[] options)
    {
        var run = ToolRun.Of(["peers", peers.Folder, .. options]);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return run.Output;
    }

    private string Refusal(params string[] options)
    {
        var run = ToolRun.Of(["peers", peers.Folder, .. options]);
        Assert.Equal((ExitCode.BadInput, ""), (run.ExitCode, run.Output));
        return run.Errors;
    }
}
