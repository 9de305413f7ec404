using FreezeBench.Results.Statistics;
using Xunit;

namespace FreezeBench.Results.Tests.Statistics;

public sealed class NoiseTests
{
    [Theory]
    [InlineData(NoiseVerdict.Quiet, new[] { 100.0, 100, 100, 100 })]
    [InlineData(NoiseVerdict.Quiet, new[] { 90.0, 95, 100, 105, 110 })] // IQR/median is 0.10: not above the threshold
    [InlineData(NoiseVerdict.Noisy, new[] { 90.0, 94, 100, 105, 110 })]
    [InlineData(NoiseVerdict.Noisy, new[] { 80.0, 90, 100, 115, 120 })] // 0.25: not above the next one
    [InlineData(NoiseVerdict.VeryNoisy, new[] { 80.0, 90, 100, 116, 120 })]
    [InlineData(NoiseVerdict.Unknown, new[] { 1.0, 100, 1000 })]
    [InlineData(NoiseVerdict.Unknown, new[] { 0.0, 0, 0, 0 })]
    public void Verdict_FollowsTheThresholds(NoiseVerdict expected, double[] samples) =>
        Assert.Equal(expected, Noise.Of(SampleSummary.Of(samples)));
}
