using FreezeBench.Benchmarks.Output;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Output;

public class RunQualityTests
{
    // Ten cases of a round, all as quiet as can be.
    private static List<BenchmarkRow> Round(double ms = 100, string run = "a") => [.. Enumerable.Range(0, 10).Select(index => MadeUpRows.Row("step", $"lora:{index + 1}", "step", ms) with
    {
        RunId = run, Dirty = false, OthersBusyCores = 0.02, NoiseVerdict = NoiseVerdict.Quiet,
    })];

    private static IReadOnlyList<IReadOnlyList<BenchmarkRow>> Three() => [Round(100), Round(104, "b"), Round(102, "c")];

    [Fact]
    public void QuietRounds_AreGoodEnough_AndSayHowFarTheyAreApart()
    {
        var quality = new RunQuality(Three());

        Assert.Equal("Good enough to commit.", quality.Verdict);
        Assert.Equal(
            "Noise: 0 of 30 cases ~ (IQR above 10 %), 0 ! (above 25 %); others kept up to 0.0 cores busy; from round to round a case's median spread by 4 % (the middle case; the worst 4 %: step step lora:1).",
            quality.Noise);
    }

    [Fact]
    public void OneRound_HasNoBounds_AndNoSpread()
    {
        var quality = new RunQuality([Round()]);

        Assert.Equal("Not good enough to commit: 1 round of the 3 that bounds need (--repeat 3).", quality.Verdict);
        Assert.DoesNotContain("spread", quality.Noise, StringComparison.Ordinal);
    }

    public static TheoryData<string, Func<BenchmarkRow, int, BenchmarkRow>> Flaws => new()
    {
        { "the code is of no clean commit", (row, _) => row with { Dirty = true } },
        { "the code is of no clean commit", (row, _) => row with { Dirty = null } },
        { "other programs were busy beside 3 of 30 cases (end them)", (row, index) => index == 0 ? row with { OthersBusyCores = 0.4 } : row },
        { "too many cases are noisy (use an idle machine)", (row, index) => index < 3 ? row with { NoiseVerdict = NoiseVerdict.Noisy } : row },
        { "too many cases are noisy (use an idle machine)", (row, index) => index == 0 ? row with { NoiseVerdict = NoiseVerdict.VeryNoisy } : row },
        { "the rounds differ by more than 10 %", (row, _) => row.RunId == "b" ? row with { MedianMs = 130 } : row },
        { "the device was throttled (^)", (row, index) => index == 9 ? row with { Throttled = true } : row },
    };

    [Theory]
    [MemberData(nameof(Flaws))]
    public void OneFlaw_IsTheOneObjection(string objection, Func<BenchmarkRow, int, BenchmarkRow> spoil)
    {
        ArgumentNullException.ThrowIfNull(spoil);
        Assert.Equal([objection], new RunQuality([.. Three().Select(round => round.Select(spoil).ToList())]).Objections);
    }

    [Fact]
    public void NoiseBelowTheBounds_AndUnknownLoad_AreNoObjection()
    {
        var quality = new RunQuality([.. Three().Select(round => round.Select((row, index) => row with { OthersBusyCores = null, NoiseVerdict = index < 2 ? NoiseVerdict.Noisy : NoiseVerdict.Quiet }).ToList())]);

        Assert.Empty(quality.Objections);
        Assert.DoesNotContain("others", quality.Noise, StringComparison.Ordinal);
    }

    [Fact]
    public void PartsOfAnOperation_AreNoCases() =>
        Assert.StartsWith("Noise: 0 of 1 cases", new RunQuality([[Round()[0], MadeUpRows.Row("step", "frozen", "zero_grad", 0.01) with { NoiseVerdict = NoiseVerdict.VeryNoisy }]]).Noise, StringComparison.Ordinal);

    [Fact]
    public void MiddleOfRounds_IsARowThatWasMeasured_OfTwoTheFaster()
    {
        Assert.All(RoundRows.Middle(Three()), row => Assert.Equal(("c", 102), (row.RunId, row.MedianMs)));
        Assert.All(RoundRows.Middle([Round(100), Round(104, "b")]), row => Assert.Equal(100, row.MedianMs));
        // A case that failed in a round is of the others.
        Assert.Equal(10, RoundRows.Middle([Round(100), [.. Round(104, "b").Skip(3)]]).Count);
    }
}
