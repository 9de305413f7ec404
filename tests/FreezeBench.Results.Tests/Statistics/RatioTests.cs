using FreezeBench.Results.Statistics;
using Xunit;

namespace FreezeBench.Results.Tests.Statistics;

public sealed class RatioTests
{
    [Fact]
    public void Estimate_IsTheMedianOfAllRatios()
    {
        // 1/1, 1/4, 2/1, 2/4, 8/1, 8/4: the middle two are 1 and 2.
        Assert.Equal(1.5, Ratio.Of([1, 2, 8], [4, 1], 0.95).Value);
        Assert.Equal(2, Ratio.Of([6], [3], 0.95).Value);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 10)]
    [InlineData(40, 31)]
    public void Estimate_IsPragmastats(int first, int second)
    {
        double[] above = [.. Simulated.LogNormal(first, first)], below = [.. Simulated.LogNormal(second + 100, second)];
        var expected = Pragmastat.Toolkit.Ratio(new Pragmastat.Sample(above), new Pragmastat.Sample(below)).NominalValue;
        Assert.Equal(expected, Ratio.Of(above, below, 0.95).Value, 1e-12 * expected);
    }

    [Theory]
    [InlineData(1, 1, 0.95, false)]
    [InlineData(3, 3, 0.95, false)]
    [InlineData(4, 4, 0.95, true)]
    [InlineData(3, 3, 0.99, false)]
    [InlineData(4, 4, 0.99, false)]
    [InlineData(5, 5, 0.99, true)]
    [InlineData(2, 40, 0.99, true)]
    public void Bounds_NeedEnoughSamples(int first, int second, double confidence, bool expected)
    {
        var bounds = Ratio.Of([.. Simulated.LogNormal(1, first)], [.. Simulated.LogNormal(2, second)], confidence);
        Assert.Equal(expected, bounds.Lower is not null);
        Assert.Equal(expected, bounds.Upper is not null);
    }

    [Fact]
    public void Bounds_AreThoseOfEveryArrangementOfRanksCounted()
    {
        for (var n = 1; n <= 6; n++)
        {
            for (var m = 1; m <= 6; m++)
            {
                // Every choice of n of the n + m ranks is equally likely; U counts the pairs in which a chosen one is the larger.
                var counts = Enumerable.Range(0, 1 << (n + m)).Where(chosen => int.PopCount(chosen) == n).Select(chosen => Wins(chosen, n + m)).ToList();
                foreach (var confidence in new[] { 0.80, 0.90, 0.95, 0.99 })
                {
                    var depth = Enumerable.Range(0, n * m).TakeWhile(u => counts.Count(value => value <= u) <= (1 - confidence) / 2 * counts.Count * (1 + 1e-9)).Count();
                    double[] first = [.. Simulated.LogNormal(n, n)], second = [.. Simulated.LogNormal(10 + m, m)];
                    double[] ratios = [.. first.SelectMany(_ => second, (a, b) => a / b).Order()];
                    var bounds = Ratio.Of(first, second, confidence);
                    Assert.Equal(depth == 0 ? (null, null) : ((double?)ratios[depth - 1], (double?)ratios[^depth]), (bounds.Lower, bounds.Upper));
                }
            }
        }
    }

    [Theory]
    [InlineData(50, 50)]
    [InlineData(10, 250)]
    public void ExactAndNormalDepth_MeetAtTheLimit(int first, int second)
    {
        var exact = RankDistribution.MannWhitneyDepth(first, second, 0.99);
        var normal = RankDistribution.MannWhitneyDepth(first, second + 1, 0.99);
        Assert.InRange(normal - exact, -0.02 * exact, 0.05 * exact);
    }

    [Theory]
    [InlineData(false, 10, 10)]
    [InlineData(true, 10, 7)]
    public void NinetyFivePercentBounds_CoverTheFactorThatOften(bool skewed, int first, int second)
    {
        const double Factor = 1.3;
        var covered = Enumerable.Range(0, 2000).Count(trial =>
        {
            // Normal: 2 % scatter about 100 ms, as step times of a quiet machine; log-normal: a long tail to the right.
            double[] Draw(int seed, int count) => [.. skewed ? Simulated.LogNormal(seed, count) : Simulated.Normal(seed, count).Select(value => 100 + 2 * value)];
            var bounds = Ratio.Of([.. Draw(2 * trial, first).Select(value => value * Factor)], Draw(2 * trial + 1, second), 0.95);
            return bounds.Lower <= Factor && bounds.Upper >= Factor;
        });
        Assert.InRange(covered / 2000.0, 0.93, 0.98);
    }

    [Fact]
    public void TurnedAround_TheBoundsAreReciprocal()
    {
        double[] first = [.. Simulated.LogNormal(3, 7)], second = [.. Simulated.LogNormal(4, 9)];
        var (ratio, turned) = (Ratio.Of(first, second, 0.95), Ratio.Of(second, first, 0.95));
        Assert.Equal(1 / ratio.Value, turned.Value, 1e-12);
        Assert.Equal(1 / ratio.Upper!.Value, turned.Lower!.Value, 1e-12);
    }

    [Fact]
    public void Ties_GiveARatioOfOneWithoutWidth() =>
        Assert.Equal(new BoundedEstimate(1, 1, 1, 0.99), Ratio.Of([.. Enumerable.Repeat(0.3, 8)], [.. Enumerable.Repeat(0.3, 8)], 0.99));

    [Fact]
    public void ThirtyThousandSamplesASide_HaveNarrowBounds()
    {
        var bounds = Ratio.Of([.. Simulated.LogNormal(1, 30_000)], [.. Simulated.LogNormal(2, 30_000)], 0.99);
        Assert.InRange(bounds.Value, bounds.Lower!.Value, bounds.Upper!.Value);
        Assert.InRange(bounds.Upper.Value - bounds.Lower.Value, 0.02, 0.08);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(-1.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void NumberThatIsNotPositive_IsNamed(double number)
    {
        Assert.Contains("Sample 1 is", Assert.Throws<ArgumentException>(() => Ratio.Of([1, number], [1], 0.95)).Message);
        Assert.Equal("denominator", Assert.Throws<ArgumentException>(() => Ratio.Of([1], [number], 0.95)).ParamName);
    }

    private static int Wins(int chosen, int count) => Enumerable.Range(0, count).Where(rank => (chosen >> rank & 1) == 1)
        .Sum(rank => Enumerable.Range(0, rank).Count(lower => (chosen >> lower & 1) == 0));
}
