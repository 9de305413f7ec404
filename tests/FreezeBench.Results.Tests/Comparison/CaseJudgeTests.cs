using FreezeBench.Results.Comparison;
using FreezeBench.Results.Sets;
using FreezeBench.Results.Statistics;
using Xunit;

namespace FreezeBench.Results.Tests.Comparison;

public sealed class CaseJudgeTests
{
    private static readonly ComparisonOptions quiet = new() { LaunchNoise = 0 };

    [Theory]
    [InlineData(100, 110, Verdict.Worse)]
    [InlineData(110, 100, Verdict.Better)]
    [InlineData(100, 101, Verdict.Equivalent)]
    [InlineData(100, 105, Verdict.Undecided)]
    public void OneRunASideWithoutLaunchNoise_IsJudgedByItsSamples(double before, double after, Verdict expected)
    {
        var judged = Measured.Judge([before], [after], quiet);
        Assert.Equal(expected, judged.Verdict);
        Assert.Null(judged.Reason);
        Assert.Equal(Ratio.Of(Measured.About(after, 50), Measured.About(before, 0), 0.99).Value, judged.Ratio!.Value);
        Assert.Equal(Ratio.Of(Measured.About(after, 50), Measured.About(before, 0), 0.99).Lower!.Value, judged.Ratio.Lower!.Value, 1e-12);
    }

    [Fact]
    public void OneRunASide_IsWidenedByTheLaunchNoise()
    {
        Assert.Equal(Verdict.Undecided, Measured.Judge([100], [150]).Verdict);
        Assert.Equal(Verdict.Worse, Measured.Judge([100], [200]).Verdict);
        var judged = Measured.Judge([100], [150], quiet with { LaunchNoise = 0.02 });
        var within = Ratio.Of(Measured.About(150, 50), Measured.About(100, 0), 0.99);
        // t(0.995) of 4 degrees of freedom is 4.604.
        var between = 4.604 * 0.02 * Math.Sqrt(2);
        Assert.Equal(within.Value * Math.Exp(Math.Sqrt(Math.Pow(Math.Log(within.Upper!.Value / within.Value), 2) + between * between)), judged.Ratio!.Upper!.Value, 1e-3);
    }

    [Fact]
    public void SeveralRuns_AreJudgedByTheSpreadOfTheirCentres()
    {
        // Within each run the scatter is 1 %; from run to run it is 30 %: the samples alone would cry wolf.
        Assert.Equal(Verdict.Undecided, Measured.Judge([80, 100, 135], [100, 130, 165], quiet).Verdict);
        Assert.Equal(Verdict.Worse, Measured.Judge([99, 100, 101], [129, 130, 131], quiet).Verdict);
        Assert.Equal(130.0 / 100, Measured.Judge([99, 100, 101], [129, 130, 131], quiet).Ratio!.Value, 0.02);
    }

    [Fact]
    public void RunsThatAgree_StillPayForTheAssumedNoise() =>
        Assert.Equal(Verdict.Undecided, Measured.Judge([99, 100, 101], [129, 130, 131], new ComparisonOptions { LaunchNoise = 0.2 }).Verdict);

    [Fact]
    public void ShortCase_IsNoRegressionBelowTheNoiseFloor()
    {
        var judged = Measured.Judge([0.05], [0.09], quiet);
        Assert.Equal((Verdict.Equivalent, "below the noise floor"), (judged.Verdict, judged.Reason));
        Assert.Equal(Verdict.Worse, Measured.Judge([0.05], [0.09], quiet with { NoiseFloorMs = 0 }).Verdict);
        Assert.Equal(Verdict.Worse, Measured.Judge([0.05], [0.15], quiet).Verdict);
    }

    [Fact]
    public void LongCasesThatMeetByChance_AreNotCalledEquivalent() => Assert.Equal(Verdict.Undecided, Measured.Judge([100], [100.01]).Verdict);

    [Fact]
    public void TooFewSamples_AreUndecidedAndSaySo()
    {
        var judged = Judge(Measured.Case("a", [100, 101, 102]), Measured.Case("b", [300, 301, 302]));
        Assert.Equal((Verdict.Undecided, "too few samples for bounds (3 and 3)"), (judged.Verdict, judged.Reason));
        Assert.Equal(3, judged.Ratio!.Value, 0.05);
    }

    [Fact]
    public void RowWithoutSamples_IsUndecided()
    {
        var judged = Judge(Measured.Case("a", Measured.About(100)) with { SamplesMs = [] }, Measured.Case("b", Measured.About(300)));
        Assert.Equal((Verdict.Undecided, "too few samples for bounds (0 and 10)"), (judged.Verdict, judged.Reason));
    }

    [Fact]
    public void TimeOfZero_HasNoRatio()
    {
        var judged = Judge(Measured.Case("a", [0, 0, 0, 0, 0, 0]), Measured.Case("b", Measured.About(300)));
        Assert.Equal((Verdict.Undecided, "a time of 0 ms has no ratio", null), (judged.Verdict, judged.Reason, judged.Ratio));
    }

    [Theory]
    [InlineData(true, "would be slower, but a single run is very noisy: measure again")]
    [InlineData(false, "would be slower, but a single run is throttled: measure again")]
    public void SingleDisturbedRun_IsHeldBack(bool noisy, string reason)
    {
        var disturbed = Measured.Case("b", Measured.About(200), change: row => noisy ? row with { NoiseVerdict = NoiseVerdict.VeryNoisy } : row with { Throttled = true });
        var judged = Judge(Measured.Case("a", Measured.About(100)), disturbed);
        Assert.Equal((Verdict.Undecided, reason), (judged.Verdict, judged.Reason));
        Assert.Equal((noisy, !noisy), (judged.VeryNoisy, judged.Throttled));

        var several = ResultComparison.Of(
            Measured.Side("x", Measured.Case("a1", Measured.About(100)), Measured.Case("a2", Measured.About(100, 2)), Measured.Case("a3", Measured.About(100, 3))),
            Measured.Side("y", disturbed, Measured.Case("b2", Measured.About(200, 5)), Measured.Case("b3", Measured.About(200, 6))), quiet);
        Assert.Equal(Verdict.Worse, Assert.Single(several.Cases).Verdict);
    }

    [Fact]
    public void DirtyAndUnknown_AreMarked()
    {
        Assert.True(Judge(Measured.Case("a", Measured.About(100), change: row => row with { Dirty = null }), Measured.Case("b", Measured.About(100))).Dirty);
        Assert.False(Judge(Measured.Case("a", Measured.About(100)), Measured.Case("b", Measured.About(100))).Dirty);
    }

    [Fact]
    public void DisturbedRun_IsLeftOutWhereTheCaseHasAnother()
    {
        var bases = Measured.Side("x", Measured.Case("a1", Measured.About(100)), Measured.Case("a2", Measured.About(300))) with { RemarkedRuns = new HashSet<string> { "a2", "a9" } };
        var comparison = ResultComparison.Of(bases, Measured.Side("y", Measured.Case("b", Measured.About(100, 3))), quiet);
        Assert.Equal(["a2"], comparison.LeftOutRuns);
        Assert.Equal(["a1"], Assert.Single(comparison.Cases).Base.RunIds);
        Assert.Equal(Verdict.Equivalent, comparison.Cases[0].Verdict);
        Assert.Contains(ComparisonText.Notes(comparison), note => note.Contains("Left out", StringComparison.Ordinal) && note.Contains("a2", StringComparison.Ordinal));
    }

    [Fact]
    public void CaseOfDisturbedRunsAlone_IsUndecided()
    {
        var bases = Measured.Side("x", Measured.Case("a", Measured.About(100))) with { RemarkedRuns = new HashSet<string> { "a" } };
        var judged = Assert.Single(ResultComparison.Of(bases, Measured.Side("y", Measured.Case("b", Measured.About(500))), quiet).Cases);
        Assert.Equal((Verdict.Undecided, true), (judged.Verdict, judged.Disturbed));
        Assert.Contains("other work", judged.Reason);
    }

    private static CaseComparison Judge(MeasuredCase first, MeasuredCase second) =>
        Assert.Single(ResultComparison.Of(Measured.Side("x", first), Measured.Side("y", second), quiet).Cases);
}
