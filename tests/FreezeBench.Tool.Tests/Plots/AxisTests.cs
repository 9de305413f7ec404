using FreezeBench.Tool.Plots;
using Xunit;

namespace FreezeBench.Tool.Tests.Plots;

public class AxisTests
{
    [Theory]
    [InlineData(0.7, 1)]
    [InlineData(1, 1)]
    [InlineData(1.2, 2)]
    [InlineData(3, 5)]
    [InlineData(7, 10)]
    [InlineData(0.03, 0.05)]
    [InlineData(1300, 2000)]
    public void Step_IsOneTwoOrFive(double least, double expected) => Assert.Equal(expected, Axis.Step(least), 1e-9);

    [Theory]
    [InlineData(0, 10, "0 2 4 6 8 10")]
    [InlineData(0, 2150, "0 500 1000 1500 2000 2500")]
    [InlineData(-0.3, 0.2, "-0.3 -0.2 -0.1 0 0.1 0.2")]
    [InlineData(0, 50000, "0 10k 20k 30k 40k 50k")]
    public void LinearTicks_AreRound_AndHoldTheValues(double lowest, double highest, string expected)
    {
        var axis = Axis.Linear("", lowest, highest);

        Assert.Equal(expected, string.Join(' ', axis.Ticks.Select(tick => tick.Text)));
        Assert.True(axis.Start <= lowest && axis.End >= highest);
    }

    [Theory]
    [InlineData(3, 3)]
    [InlineData(0, 0)]
    [InlineData(1e-7, 1e-7)]
    public void EqualValues_StillHaveAnAxis(double lowest, double highest)
    {
        var axis = Axis.Linear("", lowest, highest);

        Assert.True(axis.Start < axis.End);
        Assert.InRange(axis.Ticks.Count, 2, 12);
    }

    [Theory]
    [InlineData(1, 100, "1 2 5 10 20 50 100")]
    [InlineData(2, 30000, "10 100 1000 10k")]
    [InlineData(0.02, 0.5, "0.02 0.05 0.1 0.2 0.5")]
    public void LogarithmicTicks_AreRound(double lowest, double highest, string expected) =>
        Assert.Equal(expected, string.Join(' ', Axis.Log("", lowest, highest).Ticks.Select(tick => tick.Text)));
}
