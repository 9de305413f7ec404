using FreezeBench.Results.Statistics;
using Xunit;

namespace FreezeBench.Results.Tests.Statistics;

public class MeanTests
{
    // t(0.975, 2) = 4.302652729911275 and t(0.975, 4) = 2.776445105197790, as printed in every table.
    [Fact]
    public void Bounds_AreStudents()
    {
        var mean = Mean.Of([1, 2, 3]);

        Assert.Equal((2, 0.95), (mean.Value, mean.Confidence));
        Assert.Equal(2 - 4.302652729911275 / Math.Sqrt(3), mean.Lower!.Value, 1e-9);
        Assert.Equal(2 + 4.302652729911275 / Math.Sqrt(3), mean.Upper!.Value, 1e-9);
    }

    [Fact]
    public void OneValue_HasNoBounds()
    {
        Assert.Equal(new BoundedEstimate(5, null, null, 0.95), Mean.Of([5]));
        Assert.Equal(new BoundedEstimate(3, null, null, 0.95), Mean.Difference([5], [1, 3]));
    }

    // Equal sizes and variances: Welch's degrees of freedom are 2 (n - 1) = 4.
    [Fact]
    public void Difference_OfEqualVariances_HasPooledDegreesOfFreedom()
    {
        var difference = Mean.Difference([11, 12, 13], [1, 2, 3]);
        var margin = 2.776445105197790 * Math.Sqrt(2.0 / 3);

        Assert.Equal(10, difference.Value);
        Assert.Equal(10 - margin, difference.Lower!.Value, 1e-9);
        Assert.Equal(10 + margin, difference.Upper!.Value, 1e-9);
    }

    // One side does not scatter: the degrees of freedom are the other's, 2.
    [Fact]
    public void Difference_FromAConstant_HasTheOthersDegreesOfFreedom() =>
        Assert.Equal(10 - 4.302652729911275 / Math.Sqrt(3), Mean.Difference([11, 12, 13], [2, 2, 2]).Lower!.Value, 1e-9);

    [Fact]
    public void NoScatterAtAll_GivesBoundsOfNoWidth() => Assert.Equal(new BoundedEstimate(1, 1, 1, 0.95), Mean.Difference([2, 2], [1, 1]));

    [Fact]
    public void NoValue_IsRefused() => Assert.Throws<ArgumentException>(() => Mean.Of([]));
}
