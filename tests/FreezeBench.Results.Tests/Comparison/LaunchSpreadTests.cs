using FreezeBench.Results.Comparison;
using FreezeBench.Results.Statistics;
using Xunit;

namespace FreezeBench.Results.Tests.Comparison;

public sealed class LaunchSpreadTests
{
    private static readonly ComparisonOptions options = new();

    [Fact]
    public void TooFewRuns_AreJudgedByTheAssumedNoise()
    {
        var spread = LaunchSpread.Of([([100, 200, 300], [100, 200, 300]), ([100, 200, 300], [100, 200, 300])], options);
        Assert.Equal(new LaunchSpread { Prior = 0.09, Measured = false }, spread);
    }

    [Fact]
    public void ThreeCasesOfThreeRuns_TellTheirOwnSpread()
    {
        var spread = LaunchSpread.Of(Enumerable.Repeat<(IReadOnlyList<double>, IReadOnlyList<double>)>(([100, 110, 121], [50, 55, 60.5]), 3), options);
        Assert.True(spread.Measured);
        // Logarithms a step of ln 1.1 apart: their standard deviation is that step.
        Assert.Equal(Math.Log(1.1), spread.Prior, 1e-12);
    }

    [Fact]
    public void CasesBelowTheNoiseFloor_AreNotCounted() => Assert.False(
        LaunchSpread.Of(Enumerable.Repeat<(IReadOnlyList<double>, IReadOnlyList<double>)>(([0.01, 0.02, 0.03], [0.01, 0.02, 0.03]), 9), options).Measured);

    [Fact]
    public void HalfWidth_BlendsOwnSpreadAndPrior()
    {
        var spread = new LaunchSpread { Prior = 0.1, Measured = true };
        // Own: two degrees of freedom, squares 2 * (ln 2 / 2)^2 on the first side, none on the second.
        var squares = 2 * Math.Pow(Math.Log(2) / 2, 2);
        var expected = StudentT.Quantile(0.995, 6) * Math.Sqrt((4 * 0.01 + squares) / 6 * (1 / 2.0 + 1 / 2.0));
        Assert.Equal(expected, spread.HalfWidth([1, 2], [3, 3], 0.99), 1e-12);
    }

    [Fact]
    public void NoiseOfZero_IsNoEvidence()
    {
        var none = new LaunchSpread { Prior = 0, Measured = false };
        Assert.Equal(0, none.HalfWidth([100], [100], 0.99));
        Assert.Equal(StudentT.Quantile(0.995, 1) * (Math.Log(2) / Math.Sqrt(2)) * Math.Sqrt(1.5), none.HalfWidth([1, 2], [3], 0.99), 1e-9);
    }

    [Fact]
    public void Default_IsWhatTheSixRunsGive()
    {
        var cases = SixRuns.Read().Select(entry => entry.Runs.Select(run => Math.Log(Location.Of(run, 0.95).Value)).ToList())
            .Where(logarithms => Math.Exp(logarithms.Average()) >= options.NoiseFloorMs).ToList();
        double[] variances = [.. cases.Select(logarithms => Math.Pow(SampleSummary.Of(logarithms).StandardDeviation!.Value, 2))];

        // Smyth 2004, section 6.2: with z = ln s² and d = 5 degrees of freedom each, e = z - digamma(d/2) + ln(d/2) has the mean
        // ln s0² - digamma(d0/2) + ln(d0/2) and the variance trigamma(d/2) + trigamma(d0/2).
        const double Half = 2.5, Digamma = 0.7031566406452432, Trigamma = 0.4903577561002348;
        var e = SampleSummary.Of([.. variances.Select(variance => Math.Log(variance) - Digamma + Math.Log(Half))]);
        var left = Math.Pow(e.StandardDeviation!.Value, 2) - Trigamma;
        // trigamma(d0/2) for d0 = 4 is pi²/6 - 1 = 0.645, for 5 it is 0.490; digamma(2) = 0.4228.
        Assert.InRange(left, 0.490, 0.646);
        Assert.Equal(LaunchSpread.Default, Math.Sqrt(Math.Exp(e.Mean + 0.42278433509846714 - Math.Log(2))), 0.005);
        Assert.Equal(20, cases.Count);
    }
}
