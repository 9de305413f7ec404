using FreezeBench.Results.Statistics;
using Xunit;

namespace FreezeBench.Results.Tests.Statistics;

public class ProportionTests
{
    // By hand from the formula with z = 1.959963984540054; the first is in every text about the interval.
    [Theory]
    [InlineData(0, 10, 0.0, 0.277533)]
    [InlineData(10, 10, 0.722467, 1.0)]
    [InlineData(5, 10, 0.236593, 0.763407)]
    [InlineData(847, 1000, 0.823363, 0.867981)]
    public void Wilson_HasTheKnownBounds(int correct, int total, double lower, double upper)
    {
        var interval = Proportion.Wilson(correct, total);

        Assert.Equal((double)correct / total, interval.Value);
        Assert.Equal(lower, interval.Lower!.Value, 1e-6);
        Assert.Equal(upper, interval.Upper!.Value, 1e-6);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(-1, 10)]
    [InlineData(11, 10)]
    public void Wilson_RefusesWhatIsNoShare(int correct, int total) => Assert.Throws<ArgumentOutOfRangeException>(() => Proportion.Wilson(correct, total));

    [Fact]
    public void Difference_AddsTheVariances()
    {
        var difference = Proportion.Difference(0.807, 1000, 0.847, 1000);
        var margin = 1.959963984540054 * Math.Sqrt((0.807 * 0.193 + 0.847 * 0.153) / 1000);

        Assert.Equal(-0.04, difference.Value, 1e-12);
        Assert.Equal(-0.04 - margin, difference.Lower!.Value, 1e-12);
        Assert.Equal(-0.04 + margin, difference.Upper!.Value, 1e-12);
    }

    [Theory]
    [InlineData(1.1, 10)]
    [InlineData(double.NaN, 10)]
    [InlineData(0.5, 0)]
    public void Difference_RefusesWhatIsNoShare(double share, int total) => Assert.Throws<ArgumentOutOfRangeException>(() => Proportion.Difference(share, total, 0.5, 10));
}
