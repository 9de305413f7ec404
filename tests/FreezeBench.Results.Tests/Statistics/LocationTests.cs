using FreezeBench.Results.Statistics;
using Xunit;

namespace FreezeBench.Results.Tests.Statistics;

public sealed class LocationTests
{
    [Fact]
    public void Centre_IsTheMedianOfAllAverages()
    {
        // Averages of 1, 2, 10: 1, 1.5, 5.5, 2, 6, 10; their median is 3.75.
        Assert.Equal(3.75, Location.Of([10, 1, 2], 0.95).Value);
        Assert.Equal(new BoundedEstimate(-7, null, null, 0.95), Location.Of([-7], 0.95));
    }

    [Theory]
    [InlineData(5, 0.95, false)]
    [InlineData(6, 0.95, true)]
    [InlineData(7, 0.99, false)]
    [InlineData(8, 0.99, true)]
    public void Bounds_NeedEnoughSamples(int count, double confidence, bool expected) =>
        Assert.Equal(expected, Location.Of([.. Enumerable.Range(1, count).Select(value => (double)value)], confidence).Lower is not null);

    [Fact]
    public void SmallestSampleWithBounds_HasItsExtremesAsBounds() =>
        Assert.Equal(new BoundedEstimate(3.5, 1, 6, 0.95), Location.Of([6, 5, 4, 3, 2, 1], 0.95));

    [Theory]
    [InlineData(6, 0.90)]
    [InlineData(9, 0.95)]
    [InlineData(12, 0.99)]
    public void Bounds_AreThoseOfEveryPatternOfSignsCounted(int count, double confidence)
    {
        double[] samples = [.. Enumerable.Range(0, count).Select(index => Math.Sin(index) * 10 - index)];
        // Every pattern of signs is equally likely under the null hypothesis; W adds the ranks with a plus.
        var sums = Enumerable.Range(0, 1 << count).Select(signs => Enumerable.Range(0, count).Sum(rank => (signs >> rank & 1) * (rank + 1))).ToList();
        var depth = Enumerable.Range(0, count * (count + 1) / 2).TakeWhile(sum => sums.Count(value => value <= sum) <= (1 - confidence) / 2 * sums.Count).Count();
        double[] averages = [.. (from i in Enumerable.Range(0, count) from j in Enumerable.Range(i, count - i) select (samples[i] + samples[j]) / 2).Order()];

        var bounds = Location.Of(samples, confidence);
        Assert.Equal((averages[depth - 1], averages[^depth]), (bounds.Lower, bounds.Upper));
    }

    [Fact]
    public void Ties_GiveBoundsOfNoWidth() =>
        Assert.Equal(new BoundedEstimate(-2.5, -2.5, -2.5, 0.99), Location.Of([.. Enumerable.Repeat(-2.5, 30)], 0.99));

    [Fact]
    public void ExactAndNormalDepth_MeetAtTheLimit()
    {
        foreach (var confidence in new[] { 0.90, 0.95, 0.99 })
        {
            var exact = RankDistribution.SignedRankDepth(RankDistribution.LargestExactSignedRank, confidence);
            var normal = RankDistribution.SignedRankDepth(RankDistribution.LargestExactSignedRank + 1, confidence);
            // One more sample moves the depth by about its hundredth part twice over; the approximation must not jump beyond that.
            Assert.InRange(normal - exact, 0, exact * 0.035);
        }
    }

    [Fact]
    public void AHundredThousandSamples_HaveNarrowBounds()
    {
        var bounds = Location.Of([.. Simulated.Normal(1, 100_000)], 0.99);
        Assert.InRange(bounds.Value, bounds.Lower!.Value, bounds.Upper!.Value);
        Assert.InRange(bounds.Upper.Value - bounds.Lower.Value, 0.01, 0.03);
    }

    [Fact]
    public void NinetyFivePercentBounds_CoverTheCentreThatOften()
    {
        var covered = Enumerable.Range(0, 2000).Count(trial =>
        {
            var bounds = Location.Of([.. Simulated.Normal(trial, 10)], 0.95);
            return bounds.Lower <= 0 && bounds.Upper >= 0;
        });
        Assert.InRange(covered / 2000.0, 0.93, 0.98);
    }

    [Fact]
    public void Order_DoesNotMatter() => Assert.Equal(Location.Of([3, 1, 2, 9, 4, 4, 7], 0.95), Location.Of([9, 7, 4, 4, 3, 2, 1], 0.95));

    [Fact]
    public void SampleThatIsNoNumber_IsNamed()
    {
        Assert.Contains("Sample 1 is NaN", Assert.Throws<ArgumentException>(() => Location.Of([1, double.NaN], 0.95)).Message);
        Assert.Contains("0 samples", Assert.Throws<ArgumentException>(() => Location.Of([], 0.95)).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(95)]
    [InlineData(double.NaN)]
    public void ConfidenceOutsideItsRange_IsRefused(double confidence)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Location.Of([1], confidence));
        Assert.Throws<ArgumentOutOfRangeException>(() => Ratio.Of([1], [1], confidence));
    }
}
