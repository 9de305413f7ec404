using System.Globalization;
using FreezeBench.Results.Comparison;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using Xunit;

namespace FreezeBench.Results.Tests.Comparison;

public sealed class ResultComparisonTests
{
    private static readonly ComparisonOptions quiet = new() { LaunchNoise = 0 };

    [Fact]
    public void Cases_AreWorstFirst()
    {
        double[] factors = [1.0, 1.5, 0.5, 1.2, 1.05];
        var comparison = Compare(
            factors.Select((_, index) => Measured.Case("a", Measured.About(100), $"phase-{index}")),
            factors.Select((factor, index) => Measured.Case("b", Measured.About(100 * factor, 7), $"phase-{index}")));
        Assert.Equal(["phase-1", "phase-3", "phase-2", "phase-4", "phase-0"], comparison.Cases.Select(entry => entry.Settings.Phase));
        Assert.Equal([2, 1, 1, 1], Enum.GetValues<Verdict>().Select(comparison.Count));
        Assert.Equal(0, comparison.MissingCount);
    }

    [Fact]
    public void UnlikeSettings_GetNoRatioButAreListed()
    {
        var comparison = Compare(
            [Measured.Case("a", Measured.About(100), change: row => row with { BatchSize = 64, Classes = 2 })],
            [Measured.Case("b", Measured.About(100), change: row => row with { BatchSize = 128, Classes = 4 }),
             Measured.Case("c", Measured.About(100), change: row => row with { BatchSize = 64, Classes = 4 })]);
        Assert.Empty(comparison.Cases);
        var unlike = Assert.Single(comparison.Unlike);
        // The nearer of the two.
        Assert.Equal([new SettingDifference("classes", "2", "4")], unlike.Differences);
        Assert.Equal(128, Assert.Single(comparison.DiffOnly).BatchSize);
        Assert.Equal(1, comparison.MissingCount);
    }

    [Theory]
    [InlineData("kernels")]
    [InlineData("weights")]
    [InlineData("dataset")]
    [InlineData("classes")]
    [InlineData("resolution_px")]
    [InlineData("images")]
    [InlineData("precision")]
    [InlineData("backbone")]
    public void EverySetting_KeepsCasesApart(string column)
    {
        var comparison = Compare([Measured.Case("a", Measured.About(100))], [Measured.Case("b", Measured.About(100), change: row => column switch
        {
            "kernels" => row with { Kernels = KernelKind.Plain },
            "weights" => row with { Weights = "random" },
            "dataset" => row with { Dataset = "cifar10" },
            "classes" => row with { Classes = 2 },
            "resolution_px" => row with { ResolutionPx = 64 },
            "images" => row with { Images = 512 },
            "precision" => row with { Precision = "bf16" },
            _ => row with { Backbone = "resnet50" },
        })]);
        Assert.Equal(column, Assert.Single(Assert.Single(comparison.Unlike).Differences).Name);
    }

    [Fact]
    public void NumberOfTheDevice_IsNoSetting()
    {
        var comparison = Compare(
            [Measured.Case("a", Measured.About(100), change: row => row with { Device = "cuda:0" })],
            [Measured.Case("b", Measured.About(100), change: row => row with { Device = "cuda:1" })]);
        Assert.Single(comparison.Cases);
    }

    [Fact]
    public void UnlikeSoftwareBesideSharedCases_GetsNoRatio_AndIsToldFactByFact()
    {
        var updated = Examples.Cpu with { Torch = Examples.Cpu.Torch with { LibtorchVersion = "2.11.0" } };
        var comparison = ResultComparison.Of(
            Measured.Side("base", Measured.Case("a", Measured.About(100)), Measured.Case("a", Measured.About(100), "forward")),
            Measured.Side("diff", Measured.Case("b", Measured.About(100), change: row => row with { EnvironmentId = updated.Id }), Measured.Case("b", Measured.About(100), "forward")) with { Environments = [updated, Examples.Cpu] }, quiet);
        Assert.Equal("forward", Assert.Single(comparison.Cases).Settings.Phase);
        var environments = Assert.Single(comparison.Environments);
        Assert.Equal((Examples.Cpu.Id, updated.Id), (environments.Base, environments.Diff));
        Assert.Equal([new SettingDifference("torch.libtorch_version", "2.10.0", "2.11.0")], environments.Facts);
    }

    [Theory]
    [InlineData("amd-epyc-2c-6e671569", "amd-epyc-2c-602c80e6", false)]
    [InlineData("amd-epyc-2c-602c80e6", "amd-epyc-2c-255ccf3b", true)]
    public void TwoIdsOfOneEnvironment_ShareARatioAndAreSaidTo(string first, string second, bool isCertain)
    {
        var comparison = ResultComparison.Of(
            Measured.Side("base", Measured.Case("a", Measured.About(100), change: row => row with { EnvironmentId = first })),
            Measured.Side("diff", Measured.Case("b", Measured.About(100), change: row => row with { EnvironmentId = second })) with { Environments = [Examples.SecondCpu, Examples.OldCpu] }, quiet);
        Assert.Equal(ComparisonKind.Commits, comparison.Kind);
        Assert.Single(comparison.Cases);
        Assert.StartsWith($"{first} and {second} are {(isCertain ? "one" : "taken for one")} environment", Assert.Single(comparison.Remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void CasesOfOneSide_AreListed()
    {
        var comparison = Compare(
            [Measured.Case("a", Measured.About(100)), Measured.Case("a", Measured.About(100), "forward")],
            [Measured.Case("b", Measured.About(100)), Measured.Case("b", Measured.About(100), "loss")]);
        Assert.Equal(("forward", "loss"), (Assert.Single(comparison.BaseOnly).Phase, Assert.Single(comparison.DiffOnly).Phase));
    }

    [Fact]
    public void OfTwoCommits_TheNewestIsTaken_AndSaidToBe()
    {
        MeasuredCase[] rows = [Measured.Case("a", Measured.About(900)), Measured.Case("b", Measured.About(100), change: row => row with { Commit = Measured.SecondCommit, UtcTime = row.UtcTime.AddDays(1) })];
        var comparison = Compare(rows, [rows[0]]);
        Assert.Equal(["b"], Assert.Single(comparison.Cases).Base.RunIds);
        // The newest and not one that both have: it is the code that is compared.
        Assert.Equal(("bbbbbbb2bb", "0123456789"), (comparison.BaseName, comparison.DiffName));
        Assert.Equal(["base was measured at several commits, and the newest of each case counts: bbbbbbb2bb; another is chosen by base@0123456789."], comparison.Remarks);
    }

    [Fact]
    public void CaseTwiceInARun_IsRefused()
    {
        var row = Measured.Case("a", Measured.About(100));
        Assert.Contains("twice in the run a", Assert.Throws<UserErrorException>(() => Compare([row, row], [row])).Message);
    }

    [Fact]
    public void EmptySide_IsNamed() =>
        Assert.StartsWith("diff holds no row", Assert.Throws<UserErrorException>(() => Compare([Measured.Case("a", Measured.About(1))], [])).Message);

    [Fact]
    public void InvalidOptions_AreAllNamed()
    {
        var message = Assert.Throws<UserErrorException>(() => new ComparisonOptions { Threshold = -1, Confidence = 99, LaunchNoise = double.NaN, NoiseFloorMs = -0.5 }.Validated()).Message;
        Assert.All(["--threshold is -1", "--confidence is 99", "--launch-noise is NaN", "--noise-floor is -0.5"], part => Assert.Contains(part, message));
    }

    [Fact]
    public void OrderOfRowsAndCulture_ChangeNothing()
    {
        MeasuredCase[] first = [.. Enumerable.Range(0, 6).Select(index => Measured.Case($"a{index % 3}", Measured.About(10 + index / 3, index), $"phase-{index / 3}"))];
        MeasuredCase[] second = [.. Enumerable.Range(0, 6).Select(index => Measured.Case($"b{index % 3}", Measured.About(12.5 + index / 3, index), $"phase-{index / 3}", change: row => row with { Weights = index < 3 ? "formula" : "random" }))];
        var expected = Written(Compare(first, second));
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(expected, Written(Compare(first.Reverse(), second.Reverse())));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }

        static string Written(ResultComparison comparison) => ComparisonMarkdown.Write(comparison) + ComparisonJson.Write(comparison);
    }

    private static ResultComparison Compare(IEnumerable<MeasuredCase> first, IEnumerable<MeasuredCase> second) =>
        ResultComparison.Of(Measured.Side("base", first), Measured.Side("diff", second), quiet);
}
