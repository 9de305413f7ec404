using System.Text.Json;
using FreezeBench.Results.Comparison;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using Xunit;

namespace FreezeBench.Results.Tests.Comparison;

public sealed class MachineComparisonTests
{
    [Fact]
    public void TwoMachines_ShareTheWorkload_AndWhatElseDiffersIsTold()
    {
        var comparison = Compare(MadeUpMachines.Epyc, 2, MadeUpMachines.Xeon, 1);

        Assert.Equal(ComparisonKind.Machines, comparison.Kind);
        Assert.Equal("Two machines: AMD EPYC, AVX-512, 2 cores (BASE) and Intel Xeon, AVX-512, 8 cores (DIFF).", ComparisonHeadline.Of(comparison));
        Assert.Equal([Verdict.Better, Verdict.Better], comparison.Cases.Select(entry => entry.Verdict));
        var overall = comparison.Overall!;
        Assert.Equal((2, "standard workloads (standard-1)"), (overall.Cases.Count, overall.Over));
        Assert.Equal(0.5, overall.Ratio.Value, 0.01);
        Assert.InRange(0.5, overall.Ratio.Lower!.Value, overall.Ratio.Upper!.Value);
        // Two cases tell no spread: 9 % is assumed, and Welch's interval of it reaches to 0.60.
        Assert.True(overall.Ratio.Upper < 0.65);
        Assert.StartsWith("Intel Xeon, AVX-512, 8 cores is 2.0", ComparisonHeadline.Answer(comparison), StringComparison.Ordinal);
        Assert.Contains(comparison.Remarks, remark => remark.Contains("threads (2 and 8)", StringComparison.Ordinal));
        Assert.Contains(comparison.Remarks, remark => remark == "All cases: commit 0123456789.");
    }

    [Fact]
    public void TwoUnlikeGpus_AndAGpuAndACpu_AreMachines()
    {
        var gpus = Compare(MadeUpMachines.Lovelace, 3, MadeUpMachines.Hopper, 1);
        Assert.Equal("Two machines: NVIDIA L4 (BASE) and NVIDIA H100 80GB HBM3 (DIFF).", ComparisonHeadline.Of(gpus));
        Assert.Equal(1.0 / 3, gpus.Overall!.Ratio.Value, 0.01);

        var mixed = Compare(MadeUpMachines.Epyc, 50, MadeUpMachines.Hopper, 1);
        Assert.Equal(2, mixed.Cases.Count);
        Assert.Equal(0.02, mixed.Overall!.Ratio.Value, 0.001);
        Assert.Contains(mixed.Remarks, remark => remark.Contains("device (cpu and cuda)", StringComparison.Ordinal));
    }

    [Fact]
    public void TwoFrameworksOnOneMachine_AreFound_AndTheTwinStandsBesideEachKindOfKernels()
    {
        static BenchmarkRow Theirs(BenchmarkRow row) => row with { Framework = "pytorch", Kernels = KernelKind.Plain };
        var comparison = ResultComparison.Of(
            MadeUpMachines.Side("ours", [MadeUpMachines.Epyc], [.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 1, "a"), .. MadeUpMachines.Runs(MadeUpMachines.Epyc, 1.5, "a", row => row with { Kernels = KernelKind.Plain })]),
            MadeUpMachines.Side("theirs", [MadeUpMachines.Twin], MadeUpMachines.Runs(MadeUpMachines.Twin, 3, "b", Theirs)), new ComparisonOptions());

        Assert.Equal(ComparisonKind.Frameworks, comparison.Kind);
        Assert.Equal("Two frameworks on one machine, AMD EPYC, AVX-512, 2 cores: torchsharp, libtorch 2.10.0 (BASE) and pytorch, libtorch 2.6.0 (DIFF).", ComparisonHeadline.Of(comparison));
        Assert.Equal([KernelKind.Fast, KernelKind.Fast, KernelKind.Plain, KernelKind.Plain], comparison.Cases.Select(entry => entry.Settings.Kernels!.Value).Order().Reverse());
        Assert.All(comparison.Cases, entry => Assert.Equal(entry.Settings.Kernels == KernelKind.Fast ? 3 : 2, entry.Ratio!.Value, 0.05));
        // Their epochs count once.
        Assert.Equal((2, "standard workloads (standard-1), with fast kernels"), (comparison.Overall!.Cases.Count, comparison.Overall.Over));
        Assert.Equal(3, comparison.Overall.Ratio.Value, 0.05);
    }

    [Theory]
    [InlineData("driver", "driver 535.1", "driver 550.2")]
    [InlineData("libtorch", "libtorch 2.10.0", "libtorch 2.11.0")]
    [InlineData("system", "Debian GNU/Linux 12 (bookworm)", "Debian GNU/Linux 13 (trixie)")]
    [InlineData("threads", "2 threads", "1 thread")]
    [InlineData("memory format", "channels-last", "contiguous")]
    [InlineData("framework", "libtorch 1.13.0", "libtorch 2.6.0")]
    public void TwoSetupsOfOneMachine_ShareTheWorkload_AndAreCalledByWhatDiffers(string fact, string first, string second)
    {
        var (before, after) = fact switch
        {
            "driver" => (Driver("535.1"), Driver("550.2")),
            "libtorch" => (Examples.Cpu, Examples.Cpu with { Torch = Examples.Cpu.Torch with { LibtorchVersion = "2.11.0" } }),
            "system" => (Examples.Cpu, Examples.Cpu with { Machine = Examples.Cpu.Machine with { OperatingSystem = second } }),
            "threads" => (Examples.Cpu, Examples.Cpu with { Torch = Examples.Cpu.Torch with { Threads = 1 } }),
            "framework" => (MadeUpMachines.Twin with { Torch = MadeUpMachines.Twin.Torch with { LibtorchVersion = "1.13.0" } }, MadeUpMachines.Twin),
            _ => (Examples.Cpu, Examples.Cpu),
        };
        BenchmarkRow Made(BenchmarkRow row) => fact == "framework" ? row with { Framework = "pytorch", Kernels = KernelKind.Plain } : row;
        Selection[] sides =
        [
            MadeUpMachines.Side("base", [before], MadeUpMachines.Runs(before, 2, "a", Made)),
            MadeUpMachines.Side("diff", [after], MadeUpMachines.Runs(after, 1, "b", row => fact == "memory format" ? row with { MemoryFormat = "contiguous" } : Made(row))),
        ];
        var comparison = ResultComparison.Of(sides[0], sides[1], new ComparisonOptions());

        Assert.Equal((ComparisonKind.Setups, 2), (comparison.Kind, comparison.Cases.Count));
        Assert.Equal($"One machine, two set-ups, {comparison.Where}: {first} (BASE) and {second} (DIFF).", ComparisonHeadline.Of(comparison));
        Assert.All(comparison.Cases, entry => Assert.Equal(0.5, entry.Ratio!.Value, 0.01));
        Assert.Contains(" faster", PairText.Plain(comparison), StringComparison.Ordinal);
        if (fact == "memory format")
            return;
        var ranking = FreezeBench.Results.Ranking.MachineRanking.OfMachines(MadeUpMachines.Side("both", [before, after], [.. sides[0].Cases, .. sides[1].Cases]), new() { Framework = fact == "framework" ? "pytorch" : "torchsharp" });
        Assert.Equal([second, first], ranking.Overall.Select(entry => entry.Contender.Name));
        Assert.StartsWith("2 set-ups by workload, the fastest first, on ", FreezeBench.Results.Ranking.RankingText.Plain(ranking), StringComparison.Ordinal);

        static EnvironmentRecord Driver(string version) => Examples.Gpu with { Gpu = Examples.Gpu.Gpu with { DriverVersion = version } };
    }

    [Fact]
    public void SeveralCommits_AreNoError_TheNewestThatBothHaveIsTaken()
    {
        MeasuredCase[] first = [.. At(MadeUpMachines.Epyc, 9, "a", "old", 1), .. At(MadeUpMachines.Epyc, 2, "b", "both", 2), .. At(MadeUpMachines.Epyc, 5, "c", "newest", 3)];
        MeasuredCase[] second = [.. At(MadeUpMachines.Xeon, 9, "d", "old", 1), .. At(MadeUpMachines.Xeon, 1, "e", "both", 2)];

        var comparison = Compare(first, second);

        Assert.Equal(0.5, comparison.Overall!.Ratio.Value, 0.01);
        Assert.Contains("All cases: commit both.", comparison.Remarks);
    }

    [Fact]
    public void CommitsOfOneSideAlone_AreTakenAndSaidToBeUnlike()
    {
        var comparison = Compare([.. At(MadeUpMachines.Epyc, 9, "a", "old", 1), .. At(MadeUpMachines.Epyc, 2, "b", "new", 2)], At(MadeUpMachines.Xeon, 1, "c", "other", 3));

        Assert.Equal(0.5, comparison.Overall!.Ratio.Value, 0.01);
        Assert.Contains(comparison.Remarks, remark => remark.Contains("at commit new of 2026-01-02", StringComparison.Ordinal) && remark.EndsWith("the code may have become faster in between.", StringComparison.Ordinal));
    }

    [Fact]
    public void OfSeveralWaysToDoIt_TheFastestStandsForAMachine()
    {
        var comparison = Compare(
            [.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 4, "a", row => row with { Threads = 1 }), .. MadeUpMachines.Runs(MadeUpMachines.Epyc, 2, "b")], MadeUpMachines.Runs(MadeUpMachines.Xeon, 1, "c"));

        Assert.All(comparison.Cases, entry => Assert.Equal(["b0", "b1", "b2"], entry.Base.RunIds));
    }

    [Theory]
    [InlineData("kernels")]
    [InlineData("batch")]
    [InlineData("framework")]
    public void UnlikeWorkloads_GetNoRatio(string setting)
    {
        var comparison = Compare(MadeUpMachines.Runs(MadeUpMachines.Epyc, 1, "a"), MadeUpMachines.Runs(MadeUpMachines.Xeon, 1, "b", row => setting switch
        {
            "kernels" => row with { Kernels = KernelKind.Plain },
            "batch" => row with { BatchSize = 64 },
            _ => row with { Framework = "pytorch" },
        }));

        Assert.Equal((0, null, 2), (comparison.Cases.Count, comparison.Overall, comparison.MissingCount));
        Assert.DoesNotContain('\0', PairText.Plain(comparison));
    }

    [Fact]
    public void TimesOfZero_AndRowsWithoutSamples_AreNoCrash()
    {
        MeasuredCase[] zero = [.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 0, "a")];
        Assert.All(Compare(zero, MadeUpMachines.Runs(MadeUpMachines.Xeon, 1, "b")).Cases, entry => Assert.Null(entry.Ratio));

        MeasuredCase[] bare = [.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 2, "a").Select(measured => measured with { SamplesMs = [] })];
        Assert.Equal(0.5, Compare(bare, MadeUpMachines.Runs(MadeUpMachines.Xeon, 1, "b")).Overall!.Ratio.Value, 0.01);
    }

    [Fact]
    public void DisturbedRun_IsLeftOut_WhereThereIsAnother()
    {
        var side = MadeUpMachines.Side("base", [MadeUpMachines.Epyc], [.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 2, "a"), .. MadeUpMachines.Runs(MadeUpMachines.Epyc, 30, "z")]) with { RemarkedRuns = new HashSet<string> { "z0", "z1", "z2" } };
        var comparison = ResultComparison.Of(side, MadeUpMachines.Side("diff", [MadeUpMachines.Xeon], MadeUpMachines.Runs(MadeUpMachines.Xeon, 1, "b")), new ComparisonOptions());

        Assert.Equal(["z0", "z1", "z2"], comparison.LeftOutRuns);
        Assert.Equal(0.5, comparison.Overall!.Ratio.Value, 0.01);
    }

    [Fact]
    public void RowsBesideBusyPrograms_AreLeftOut_AndMarkedWhereThereAreNoOthers()
    {
        static BenchmarkRow Busy(BenchmarkRow row) => row with { OthersBusyCores = 1.4 };
        MeasuredCase[] noisy = [.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 30, "z", Busy)], xeon = [.. MadeUpMachines.Runs(MadeUpMachines.Xeon, 1, "b", row => row with { OthersBusyCores = 0.25 })];

        var comparison = Compare([.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 2, "a"), .. noisy], xeon);
        Assert.Equal(["z0", "z1", "z2"], comparison.LeftOutRuns);
        Assert.Equal(0.5, comparison.Overall!.Ratio.Value, 0.01);

        var alone = Compare(noisy, xeon);
        Assert.Null(alone.Overall);
        Assert.All(alone.Cases, entry => Assert.Equal((Verdict.Undecided, true), (entry.Verdict, entry.Disturbed)));
        Assert.Contains("undecided ‡", PairText.Plain(alone), StringComparison.Ordinal);
        Assert.Contains("‡ disturbed: the machine had other work: others_busy_cores is above 0.25", PairText.Plain(alone).ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void SideOfSeveralMachines_IsNoPair()
    {
        var both = MadeUpMachines.Side("both", [MadeUpMachines.Epyc, MadeUpMachines.Xeon], [.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 1, "a"), .. MadeUpMachines.Runs(MadeUpMachines.Xeon, 1, "b")]);
        var one = MadeUpMachines.Side("one", [MadeUpMachines.Hopper], MadeUpMachines.Runs(MadeUpMachines.Hopper, 1, "c"));

        Assert.False(ComparedSides.Of(both, one).IsPair);
        // Of one commit, or of several, they are a ranking; a commit a side is a comparison on all machines.
        Assert.False(ComparedSides.Of(both, both with { Name = "again" }).IsPair);
        Assert.Throws<UserErrorException>(() => ResultComparison.Of(both, both, new ComparisonOptions()));
        var after = both with { Name = "after", Cases = [.. both.Cases.Select(measured => measured with { Row = measured.Row with { Commit = "other" } })] };
        Assert.Equal("Two commits on 2 machines: 0123456789 (BASE) and other (DIFF).", ComparisonHeadline.Of(ResultComparison.Of(both, after, new ComparisonOptions())));
        Assert.False(ComparedSides.Of(both, after with { Cases = [.. both.Cases, .. after.Cases] }).IsPair);
        Assert.Contains("freezebench rank", Assert.Throws<UserErrorException>(() => ResultComparison.Of(both, one, new ComparisonOptions())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SlowNode_IsNamed_AndAnEqualOneIsNot()
    {
        MeasuredCase[] nodes = [.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 1, "a", row => row with { Node = "aaaa1111" }), .. MadeUpMachines.Runs(MadeUpMachines.Epyc, 1.4, "b", row => row with { Node = "bbbb2222" })];

        var remarks = Compare(nodes, MadeUpMachines.Runs(MadeUpMachines.Xeon, 1, "c", row => row with { Node = "cccc3333" })).Remarks;

        Assert.Contains(remarks, remark => remark == "AMD EPYC, AVX-512, 2 cores was measured on 2 nodes: aaaa1111 (n = 3), bbbb2222 (n = 3).");
        Assert.Contains(remarks, remark => remark.StartsWith("Node bbbb2222 of AMD EPYC, AVX-512, 2 cores is slow: 1.4", StringComparison.Ordinal));
        Assert.DoesNotContain(remarks, remark => remark.StartsWith("Node aaaa1111", StringComparison.Ordinal) || remark.Contains("cccc3333", StringComparison.Ordinal));
    }

    [Fact]
    public void CommitsMeasuredOnUnlikeNodes_AreSaidToBe()
    {
        var comparison = Compare(MadeUpMachines.Runs(MadeUpMachines.Epyc, 1, "a", row => row with { Node = "aaaa1111" }), MadeUpMachines.Runs(MadeUpMachines.Epyc, 1, "b", row => row with { Node = "bbbb2222" }));

        Assert.Equal(ComparisonKind.Commits, comparison.Kind);
        Assert.Contains("BASE was measured on node aaaa1111, DIFF on bbbb2222: the difference may be that of the machines.", comparison.Remarks);

        MeasuredCase[] slower = [.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 3, "b", row => row with { Node = "bbbb2222" })];
        Assert.All(Compare(MadeUpMachines.Runs(MadeUpMachines.Epyc, 1, "a", row => row with { Node = "bbbb2222" }), slower).Cases, entry => Assert.Equal((Verdict.Worse, null), (entry.Verdict, entry.Reason)));
        Assert.All(Compare(MadeUpMachines.Runs(MadeUpMachines.Epyc, 1, "a", row => row with { Node = "aaaa1111" }), slower).Cases,
            entry => Assert.Equal((Verdict.Undecided, "would be slower, but measured on unlike nodes, aaaa1111 (BASE) and bbbb2222 (DIFF): measure both on one machine"), (entry.Verdict, entry.Reason)));
    }

    [Fact]
    public void CommitsOfARecordThatDoesNotKnowItsCpu_AreJoined_WithANote_AndNothingIsWorse()
    {
        var comparison = ResultComparison.Of(
            MadeUpMachines.Side("old", [Examples.OldCpu], MadeUpMachines.Runs(Examples.OldCpu, 1, "a")), MadeUpMachines.Side("new", [Examples.Cpu], MadeUpMachines.Runs(Examples.Cpu, 3, "b")), new ComparisonOptions());

        Assert.Equal((ComparisonKind.Commits, 2), (comparison.Kind, comparison.Cases.Count));
        Assert.Contains(comparison.Remarks, remark => remark.StartsWith($"{Examples.OldCpu.Id} and {Examples.Cpu.Id} are taken for one environment, although", StringComparison.Ordinal));
        Assert.All(comparison.Cases, entry => Assert.Equal((Verdict.Undecided, 3, "would be slower, but nobody knows whether both sides are one kind of CPU: measure both on one machine"), (entry.Verdict, Math.Round(entry.Ratio!.Value, 1), entry.Reason)));
    }

    [Fact]
    public void Texts_FitInEightyColumns_AndSayTheSame()
    {
        var comparison = Compare(MadeUpMachines.Epyc, 2, MadeUpMachines.Xeon, 1);

        var plain = PairText.Plain(comparison);
        Assert.All(plain.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.StartsWith("Two machines: ", plain, StringComparison.Ordinal);
        Assert.Contains("fine-tune  ", plain, StringComparison.Ordinal);
        Assert.StartsWith("### FreezeBench: Two machines: ", ComparisonMarkdown.Write(comparison), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(ComparisonJson.Write(comparison));
        Assert.Equal(("machines", comparison.Overall!.Ratio.Value), (json.RootElement.GetProperty("kind").GetString(), json.RootElement.GetProperty("overall").GetProperty("ratio").GetDouble()));
        var csv = ComparisonCsv.Write(comparison).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + comparison.Cases.Count, csv.Length);
        Assert.EndsWith(",base_runs,diff_runs,base_memory_format,diff_memory_format,base_threads,diff_threads", csv[0], StringComparison.Ordinal);
        // What both sides do alike is the case's own.
        Assert.All(csv.Skip(1), line => Assert.Matches(",fp32,channels-last,,.*,faster,3,3,channels-last,channels-last,2,8$", line));
        Assert.Equal("faster", json.RootElement.GetProperty("cases")[0].GetProperty("verdict").GetString());
    }

    [Fact]
    public void OrderOfTheRows_ChangesNothing()
    {
        MeasuredCase[] first = [.. At(MadeUpMachines.Epyc, 2, "a", "x", 1), .. At(MadeUpMachines.Epyc, 2, "b", "y", 1)], second = [.. At(MadeUpMachines.Xeon, 1, "c", "z", 1), .. At(MadeUpMachines.Xeon, 3, "d", "w", 1)];

        Assert.Equal(ComparisonJson.Write(Compare(first, second)), ComparisonJson.Write(Compare([.. first.Reverse()], [.. second.Reverse()])));
    }

    private static IReadOnlyList<MeasuredCase> At(EnvironmentRecord environment, double slower, string prefix, string commit, int day) =>
        MadeUpMachines.Runs(environment, slower, prefix, row => row with { Commit = commit, UtcTime = new DateTimeOffset(2026, 1, day, 0, 0, 0, TimeSpan.Zero) });

    private static ResultComparison Compare(EnvironmentRecord first, double slow, EnvironmentRecord second, double fast) =>
        Compare(MadeUpMachines.Runs(first, slow, "a"), MadeUpMachines.Runs(second, fast, "b"));

    private static ResultComparison Compare(IReadOnlyList<MeasuredCase> first, IReadOnlyList<MeasuredCase> second)
    {
        EnvironmentRecord[] all = [MadeUpMachines.Epyc, MadeUpMachines.Xeon, MadeUpMachines.Hopper, MadeUpMachines.Lovelace];
        return ResultComparison.Of(MadeUpMachines.Side("base", all, first), MadeUpMachines.Side("diff", all, second), new ComparisonOptions());
    }
}
