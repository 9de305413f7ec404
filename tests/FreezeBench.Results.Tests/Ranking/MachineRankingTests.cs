using System.Text.Json;
using FreezeBench.Results.Comparison;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Ranking;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using FreezeBench.Results.Tests.Comparison;
using Xunit;

namespace FreezeBench.Results.Tests.Ranking;

public sealed class MachineRankingTests
{
    private static readonly EnvironmentRecord[] all = [MadeUpMachines.Epyc, MadeUpMachines.Xeon, MadeUpMachines.Hopper, MadeUpMachines.Lovelace];

    [Fact]
    public void Machines_AreFastestFirst_CpuAndUnlikeGpus()
    {
        var ranking = Rank([.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 50, "a"), .. MadeUpMachines.Runs(MadeUpMachines.Lovelace, 3, "b"), .. MadeUpMachines.Runs(MadeUpMachines.Hopper, 1, "c"), .. MadeUpMachines.Runs(MadeUpMachines.Xeon, 20, "d")]);

        Assert.Equal(["NVIDIA H100 80GB HBM3", "NVIDIA L4", "Intel Xeon, AVX-512, 8 cores", "AMD EPYC, AVX-512, 2 cores"], ranking.Overall.Select(entry => entry.Contender.Name));
        Assert.Equal([1, 2, 3, 4], ranking.Overall.Select(entry => entry.Rank));
        Assert.Null(ranking.Overall[0].ToFirst);
        Assert.Equal(3, ranking.Overall[1].ToFirst!.Ratio.Value, 0.1);
        Assert.Equal("standard workloads (standard-1)", ranking.Overall[1].ToFirst!.Over);
        Assert.All(ranking.Workloads, workload => Assert.Equal(ranking.Overall.Select(entry => entry.Contender.Name), workload.Times.Select(time => time.Contender.Name)));
    }

    [Fact]
    public void MachinesWhoseBoundsReachOne_ShareARank_AndTheNextHasItsPlace()
    {
        var ranking = Rank([.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 1.01, "a"), .. MadeUpMachines.Runs(MadeUpMachines.Xeon, 1, "b"), .. MadeUpMachines.Runs(MadeUpMachines.Lovelace, 3, "c")]);

        Assert.Equal([1, 1, 3], ranking.Overall.Select(entry => entry.Rank));
        Assert.All(ranking.Workloads, workload => Assert.Equal([1, 1, 3], workload.Times.Select(time => time.Rank)));
        Assert.Contains("Intel Xeon, AVX-512, 8 cores and AMD EPYC, AVX-512, 2 cores cannot be told apart: ", RankingText.Plain(ranking).ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void MachinesThatShareNoWorkload_AreRankedByWayOfAThird()
    {
        // Epyc and Hopper share nothing; Xeon has both sizes.
        static BenchmarkRow Large(BenchmarkRow row) => row with { ResolutionPx = 96 };
        var ranking = Rank([.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 40, "a"), .. MadeUpMachines.Runs(MadeUpMachines.Xeon, 20, "b"), .. MadeUpMachines.Runs(MadeUpMachines.Xeon, 100, "c", Large), .. MadeUpMachines.Runs(MadeUpMachines.Hopper, 5, "d", Large)]);

        Assert.Equal(["NVIDIA H100 80GB HBM3", "Intel Xeon, AVX-512, 8 cores", "AMD EPYC, AVX-512, 2 cores"], ranking.Overall.Select(entry => entry.Contender.Name));
        Assert.Null(ranking.Overall[2].ToFirst);
        Assert.Equal(3, ranking.Overall[2].Rank);
        Assert.Contains("AMD EPYC, AVX-512, 2 cores shares no workload with NVIDIA H100 80GB HBM3", RankingText.Plain(ranking).ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void MachineThatNothingConnects_HasNoRankAndIsNamed()
    {
        var ranking = Rank([.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 2, "a"), .. MadeUpMachines.Runs(MadeUpMachines.Xeon, 1, "b"), .. MadeUpMachines.Runs(MadeUpMachines.Hopper, 1, "c", row => row with { Precision = "bf16" })]);

        Assert.Equal([1, 2, null], ranking.Overall.Select(entry => entry.Rank));
        Assert.Equal((2, "NVIDIA H100 80GB HBM3"), (ranking.Unshared, ranking.Overall[2].Contender.Name));
    }

    [Fact]
    public void NothingToRank_IsRefusedWithAReason()
    {
        Assert.Contains("rows of one set-up of one machine alone (framework torchsharp), AMD EPYC", Refusal(MadeUpMachines.Runs(MadeUpMachines.Epyc, 1, "a")), StringComparison.Ordinal);
        Assert.Contains("have a workload in common", Refusal([.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 1, "a"), .. MadeUpMachines.Runs(MadeUpMachines.Xeon, 1, "b", row => row with { BatchSize = 2 })]), StringComparison.Ordinal);
        Assert.Contains("holds no row to rank (framework torchsharp); it has rows of nothing", Refusal([]), StringComparison.Ordinal);
    }

    [Fact]
    public void KernelsAndFramework_ChooseRows()
    {
        MeasuredCase[] rows =
        [
            .. MadeUpMachines.Runs(MadeUpMachines.Epyc, 2, "a"), .. MadeUpMachines.Runs(MadeUpMachines.Xeon, 1, "b"),
            .. MadeUpMachines.Runs(MadeUpMachines.Epyc, 1, "c", row => row with { Kernels = KernelKind.Plain }), .. MadeUpMachines.Runs(MadeUpMachines.Xeon, 2, "d", row => row with { Kernels = KernelKind.Plain }),
        ];
        Assert.Equal(4, Rank(rows).Workloads.Count);
        Assert.StartsWith("Intel", First(KernelKind.Fast), StringComparison.Ordinal);
        Assert.StartsWith("AMD", First(KernelKind.Plain), StringComparison.Ordinal);

        string First(KernelKind kernels) => MachineRanking.OfMachines(MadeUpMachines.Side("x", all, rows), new RankingOptions { Kernels = kernels }).Overall[0].Contender.Name;
    }

    [Fact]
    public void Parts_AreListedOnRequestAlone()
    {
        MeasuredCase[] rows = [.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 2, "a"), .. MadeUpMachines.Runs(MadeUpMachines.Xeon, 1, "b"),
            .. MadeUpMachines.Runs(MadeUpMachines.Epyc, 2, "a", row => row with { Phase = "steps" }), .. MadeUpMachines.Runs(MadeUpMachines.Xeon, 1, "b", row => row with { Phase = "steps" })];
        Assert.Equal((2, 4), (Rank(rows).Workloads.Count, MachineRanking.OfMachines(MadeUpMachines.Side("x", all, rows), new RankingOptions { Parts = true }).Workloads.Count));
    }

    [Fact]
    public void ThreeSides_AreContendersByMachineElseByFrameworkElseBySide()
    {
        var (epyc, xeon) = (MadeUpMachines.Side("a", all, MadeUpMachines.Runs(MadeUpMachines.Epyc, 2, "a")), MadeUpMachines.Side("b", all, MadeUpMachines.Runs(MadeUpMachines.Xeon, 1, "b")));
        var again = MadeUpMachines.Side("c d", all, MadeUpMachines.Runs(MadeUpMachines.Epyc, 3, "c"));
        var twin = MadeUpMachines.Side("e", [MadeUpMachines.Twin], MadeUpMachines.Runs(MadeUpMachines.Twin, 3, "e", row => row with { Framework = "pytorch", Kernels = KernelKind.Plain }));

        Assert.Equal(["AMD EPYC, AVX-512, 2 cores (a)", "AMD EPYC, AVX-512, 2 cores (c d)", "Intel Xeon, AVX-512, 8 cores"], Names(epyc, xeon, again));
        Assert.Equal(["AMD EPYC, AVX-512, 2 cores", "Intel Xeon, AVX-512, 8 cores"], Names(epyc, xeon, twin));
        Assert.Equal(["torchsharp (a)", "torchsharp (c d)", "pytorch"], Names(epyc, again, twin));
        var threeSides = Contenders.Of([epyc, xeon, again]);
        Assert.StartsWith("2 machines on 3 sides by workload", RankingText.Plain(MachineRanking.Of(threeSides.Contenders, threeSides.Kind, new RankingOptions())), StringComparison.Ordinal);
        var (contenders, kind) = Contenders.Of([epyc, again, twin]);
        Assert.Equal(ComparisonKind.Frameworks, kind);
        Assert.Equal([1, 2, 2], MachineRanking.Of(contenders, kind, new RankingOptions { Framework = null }).Overall.Select(entry => entry.Rank));

        static IEnumerable<string> Names(params Selection[] sides) => Contenders.Of(sides).Contenders.Select(contender => contender.Name);
    }

    [Fact]
    public void VersionsThatDiffer_AreInTheFirstLine()
    {
        var newer = MadeUpMachines.Xeon with { Torch = MadeUpMachines.Xeon.Torch with { LibtorchVersion = "2.11.0, BLAS openblas" } };
        var ranking = MachineRanking.OfMachines(MadeUpMachines.Side("x", [MadeUpMachines.Epyc, newer], [.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 2, "a"), .. MadeUpMachines.Runs(newer, 1, "b")]), new RankingOptions());

        Assert.StartsWith("2 machines by workload, the fastest first, torchsharp: libtorch 2.10.0 on AMD EPYC, AVX-512, 2 cores; libtorch 2.11.0, BLAS openblas on Intel Xeon, AVX-512, 8 cores.", RankingText.Plain(ranking).ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public void Texts_FitInEightyColumns_AndDataIsWhole()
    {
        var ranking = Rank([.. MadeUpMachines.Runs(MadeUpMachines.Epyc, 2, "a"), .. MadeUpMachines.Runs(MadeUpMachines.Xeon, 1, "b")]);

        var plain = RankingText.Plain(ranking);
        Assert.StartsWith("2 machines by workload, the fastest first, torchsharp.\nIntel Xeon, AVX-512, 8 cores is 2.0", plain, StringComparison.Ordinal);
        Assert.All(plain.Split('\n'), line => Assert.True(line.Length <= 80, line));
        Assert.Contains("| fine-tune | 1 | Intel Xeon, AVX-512, 8 cores |", RankingText.Markdown(ranking), StringComparison.Ordinal);
        using var json = JsonDocument.Parse(RankingData.Json(ranking));
        Assert.Equal(2, json.RootElement.GetProperty("workloads").GetArrayLength());
        Assert.Equal(ranking.Overall[1].ToFirst!.Ratio.Upper, json.RootElement.GetProperty("overall")[1].GetProperty("ratio_upper").GetDouble());
        var csv = RankingData.Csv(ranking).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + 2 + 4, csv.Length);
        Assert.StartsWith("suite,policy,", csv[0], StringComparison.Ordinal);
        Assert.Contains("\"Intel Xeon, AVX-512, 8 cores\"", csv[1], StringComparison.Ordinal);
        Assert.Contains(",fp32,channels-last,8,1,", csv[3], StringComparison.Ordinal);
    }

    private static MachineRanking Rank(IEnumerable<MeasuredCase> cases) => MachineRanking.OfMachines(MadeUpMachines.Side("made up", all, cases), new RankingOptions());

    private static string Refusal(IEnumerable<MeasuredCase> cases) => Assert.Throws<UserErrorException>(() => Rank(cases)).Message;
}
