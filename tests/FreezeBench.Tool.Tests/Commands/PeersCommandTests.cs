using System.Globalization;
using System.Text.Json;
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
    public void Text_IsAComparisonByFramework_UnderEveryCulture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            peers.WithFiveRuns();
            // The geometric means of 100, 110 and 120, and of 50 and 60.
            Assert.Contains("""
                Two frameworks on one machine, AMD EPYC, AVX-512, 2 cores: pytorch, libtorch
                2.9.1 (BASE) and torchsharp, libtorch 2.10.0 (DIFF).
                pytorch is 2.00x (1.51 .. 2.66) as fast as torchsharp. Geometric mean over 1
                standard workloads (standard-1), bounds at 99 %.
                1 shared case: DIFF is slower in 1, faster in 0, undecided in 0, equivalent in
                0.

                standard-1, resnet18-32px-fp32: step: resnet18, random weights, synthetic, 10
                classes, 32 px, batch 128, 128 images, fp32, channels-last, 2 threads, cpu, fast
                kernels
                case          BASE    DIFF        ratio (bounds)  DIFF is
                fine-tune  54.8 ms  110 ms  2.00x (1.51 .. 2.66)  slower
                """.ReplaceLineEndings("\n"), Output(), StringComparison.Ordinal);
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
            | case | BASE | DIFF | ratio (bounds) | DIFF is |
            |---|--:|--:|--:|---|
            | fine-tune | 54.8 ms | 110 ms | 2.00x (
            """.ReplaceLineEndings("\n"), Output("--format", "markdown"), StringComparison.Ordinal);
    }

    [Fact]
    public void PlainKernels_StandBesideTheTwinInATableOfTheirOwn()
    {
        peers.WithFiveRuns();
        peers.Add(MadeUpPeers.Ours, 6, MadeUpPeers.Case with { Kernels = KernelKind.Plain }, 200);

        var output = Output();

        Assert.Matches("fast\nkernels\n.*\nfine-tune +54.8 ms +110 ms +2.00x", output);
        Assert.Matches("plain kernels\n.*\nfine-tune +54.8 ms +200 ms +3.65x", output);
    }

    [Fact]
    public void EagerAndCompiled_AreComparisonsOfTheirOwn()
    {
        peers.WithFiveRuns();
        peers.Add(MadeUpPeers.Theirs, 6, MadeUpPeers.Twin with { Framework = "pytorch-compile" }, 40);

        var output = Output();

        Assert.Contains("pytorch, libtorch\n2.9.1 (BASE)", output, StringComparison.Ordinal);
        Assert.Contains("pytorch-compile,\nlibtorch 2.9.1 (BASE)", output, StringComparison.Ordinal);
        Assert.Matches("40.0 ms +110 ms +2.74x", output);
        Assert.Equal(2, JsonDocument.Parse(Output("--format", "json")).RootElement.GetProperty("comparisons").GetArrayLength());
        Assert.Matches("\nframeworks,pytorch,torchsharp,step,(.*)\nframeworks,pytorch-compile,torchsharp,step,", Output("--format", "csv"));
    }

    [Fact]
    public void Since_LeavesOutOlderRuns()
    {
        peers.WithFiveRuns();

        // 110 and 120 against 60.
        Assert.Matches("fine-tune +60.0 ms +115 ms +1.91x", Output("--since", "20260103T000000Z"));
    }

    [Fact]
    public void PeakMemory_OfWholeStepsAndEpochs_IsATableOfItsOwn()
    {
        foreach (var phase in (string[])["step", "backward"])
        {
            peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case with { Phase = phase }, 100, peakMemoryBytes: 300 << 20);
            peers.Add(MadeUpPeers.Theirs, 2, MadeUpPeers.Twin with { Phase = phase }, 50, peakMemoryBytes: 400 << 20);
        }

        Assert.Matches("peak memory +BASE +DIFF +ratio \\(bounds\\)\nfine-tune +400 MiB +300 MiB +0.75x\n\n", Output());
    }

    [Fact]
    public void MemoryOfUnlikeSources_MakesNoRatio_AndSaysWhatItIs()
    {
        peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case, 100, peakMemoryBytes: 300 << 20, MemorySource.ProcessGrowth);
        peers.Add(MadeUpPeers.Theirs, 2, MadeUpPeers.Twin, 50, peakMemoryBytes: 400 << 20, MemorySource.CardGrowth);

        Assert.Matches("fine-tune +400 MiB card-growth +300 MiB process-growth( +-)? *\n", Output());
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

        Assert.Matches("fine-tune +50.0 ms", output);
        Assert.Contains("peak memory", output, StringComparison.Ordinal);
        Assert.DoesNotMatch("fine-tune (backward|step_synchronised)", output);
        Assert.Matches("fine-tune backward +50.0 ms", Output());
    }

    [Fact]
    public void UnknownMemory_MakesNoTable()
    {
        peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case, 100, peakMemoryBytes: 300 << 20);
        peers.Add(MadeUpPeers.Theirs, 2, MadeUpPeers.Twin, 50);

        Assert.DoesNotContain("peak memory", Output(), StringComparison.Ordinal);
    }

    [Fact]
    public void TenCachedEpochs_WithTheirExtraction_AreSetAgainstTenFrozenOnes()
    {
        var (cached, frozen) = (MadeUpPeers.Case with { Suite = "epoch", Phase = "epoch", Policy = "frozen-cached" }, MadeUpPeers.Twin with { Suite = "epoch", Phase = "epoch", Policy = "frozen" });
        peers.Add(MadeUpPeers.Ours, 1, cached with { Phase = "feature_extraction" }, 60);
        peers.Add(MadeUpPeers.Ours, 1, cached, 4);
        peers.Add(MadeUpPeers.Theirs, 2, frozen, 100);

        // 60 + 10 x 4 against 10 x 100; part of no mean.
        Assert.Matches("frozen-cached/frozen 10 epochs +1000 ms +0.10x", Output("--brief"));
    }

    [Fact]
    public void DisturbedRun_IsLeftOut_AndSaidToBe()
    {
        peers.WithFiveRuns();
        var run = peers.Add(MadeUpPeers.Ours, 6, MadeUpPeers.Case, 9999);
        Assert.Equal(0, ToolRun.Of("remark", run, "--results", peers.Folder, "--times-disturbed", "a build ran").ExitCode);

        var output = Output();

        Assert.Matches("54.8 ms +110 ms +2.00x", output);
        Assert.Matches($"- Left out, because the machine had other work: .*rows of\\s+{run}", output.ReplaceLineEndings(" "));
    }

    [Fact]
    public void CaseOfOneSide_IsCounted_AndMakesNoRatio()
    {
        peers.WithFiveRuns();
        peers.Add(MadeUpPeers.Ours, 6, MadeUpPeers.Case with { Policy = "frozen" }, 7);
        // Fewer threads, or another layout, are no other way to do the same: what a framework costs is asked for.
        peers.Add(MadeUpPeers.Theirs, 6, MadeUpPeers.Twin with { Threads = 1 }, 7);

        var output = Output();

        Assert.Contains("1 shared case", output, StringComparison.Ordinal);
        Assert.Contains("Not compared, only of pytorch: 1 case (step 1).", output, StringComparison.Ordinal);
        Assert.Contains("Not compared, only of torchsharp: 1 case (step 1).", output, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherMachine_IsRefused_AndNamed()
    {
        peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case, 100);
        peers.Add(MadeUpPeers.Theirs with { Machine = MadeUpPeers.Theirs.Machine with { LogicalCores = 16 } }, 2, MadeUpPeers.Twin, 50);

        Assert.Matches("pytorch on AMD EPYC, AVX-512, 16 cores \\(amd-epyc-16c-.{8}\\): no case of it was measured with torchsharp on that machine", Refusal());
    }

    [Fact]
    public void AnotherSystem_IsTold_AndEachVersionIsAComparison_AndWhatHasNoPairIsLeftOut()
    {
        var other = MadeUpPeers.Theirs with { Machine = MadeUpPeers.Theirs.Machine with { OperatingSystem = "Alpine" }, Torch = MadeUpPeers.Theirs.Torch with { LibtorchVersion = "2.6.0, BLAS openblas" } };
        peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case, 100);
        peers.Add(other, 2, MadeUpPeers.Twin, 50);

        var output = Output().ReplaceLineEndings(" ");
        Assert.Contains("pytorch, libtorch 2.6.0, BLAS openblas (BASE) and torchsharp, libtorch 2.10.0 (DIFF).", output, StringComparison.Ordinal);
        Assert.Contains("system (Alpine and Debian)", output, StringComparison.Ordinal);

        peers.Add(MadeUpPeers.Theirs, 3, MadeUpPeers.Twin, 80);
        peers.Add(MadeUpPeers.Theirs, 4, MadeUpPeers.Twin with { Framework = "other", BatchSize = 2 }, 50);
        var run = ToolRun.Of("peers", peers.Folder);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches("50.0 ms +100 ms +2.00x", run.Output);
        Assert.Matches("80.0 ms +100 ms +1.25x", run.Output);
        Assert.StartsWith("Left out: other on AMD EPYC, AVX-512, 2 cores (", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void UnlikeCpusOfOneName_AreTwoMachines()
    {
        peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case, 100);
        var machine = MadeUpPeers.Theirs.Machine with { CpuFamily = "AuthenticAMD family 25 model 1 stepping 1", CpuVectorExtension = "avx2" };
        peers.Add(MadeUpPeers.Theirs with { Machine = machine }, 2, MadeUpPeers.Twin, 50);

        Assert.Matches("pytorch on AMD EPYC, AVX2, 2 cores \\(.*\\): no case", Refusal());
    }

    [Fact]
    public void RecordOfVersionOne_IsTakenForTheOneMachineThatItFits_AndSaidToBe()
    {
        var ours = MadeUpPeers.Old(MadeUpPeers.Ours);
        peers.Add(ours, 1, MadeUpPeers.Case, 100);
        peers.Add(MadeUpPeers.Theirs, 2, MadeUpPeers.Twin, 50);

        var output = Output();

        Assert.Matches("50.0 ms +100 ms +2.00x", output);
        Assert.Matches($"{ours.Id} \\(environment.json of version\\s+1\\) and {MadeUpPeers.Theirs.Id} are taken for one machine", output);
    }

    [Fact]
    public void OneSideAlone_IsRefused_AndTheWayToTheOtherNamed()
    {
        peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case, 100);

        Assert.Contains("no row of another framework. ./run-benchmarks.sh --peers", Refusal(), StringComparison.Ordinal);
        peers.Add(MadeUpPeers.Theirs, 2, MadeUpPeers.Twin, 50);
        Assert.Contains("since 20260102 has no row of torchsharp", Refusal("--since", "20260102"), StringComparison.Ordinal);
    }

    [Fact]
    public void UnlikeSettings_AreRefused()
    {
        peers.Add(MadeUpPeers.Ours, 1, MadeUpPeers.Case, 100);
        peers.Add(MadeUpPeers.Theirs, 2, MadeUpPeers.Twin with { ResolutionPx = 64 }, 50);

        Assert.Contains("at the same settings", Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--format", "html")]
    [InlineData("--since", "yesterday")]
    public void BadOption_IsABadRequest(string option, string value) => Assert.Contains(value, Refusal(option, value), StringComparison.Ordinal);

    [Fact]
    public void OfTwoCommits_TheOneOfBothSidesIsChosen_AndSaidToBe()
    {
        peers.WithFiveRuns();
        var store = new ResultStore(Path.Combine(peers.Folder, MadeUpPeers.Ours.Id));
        store.Append(store.Read<BenchmarkRow>()[0] with { RunId = "20260106T000000Z-0011aabb", Commit = "fedcba", Dirty = true });

        var output = Output();

        Assert.Contains("- All cases: commit 0123456789.", output, StringComparison.Ordinal);
        Assert.DoesNotContain("dirty", output, StringComparison.Ordinal);
    }

    [Fact]
    public void ThrottledAndDirtyRows_AreSaidToBe()
    {
        peers.WithFiveRuns();
        Assert.DoesNotContain("throttled", Output(), StringComparison.Ordinal);
        var store = new ResultStore(Path.Combine(peers.Folder, MadeUpPeers.Ours.Id));
        store.Append(store.Read<BenchmarkRow>()[0] with { RunId = "20260106T000000Z-0011aabb", Throttled = true, Dirty = true });

        var output = Output();

        Assert.Matches("slower \\^\\*\n", output);
        Assert.Contains("^ throttled: heat or power", output, StringComparison.Ordinal);
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
