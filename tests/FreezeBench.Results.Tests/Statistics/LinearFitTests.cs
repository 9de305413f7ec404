using System.Globalization;
using FreezeBench.Results.Statistics;
using Xunit;

namespace FreezeBench.Results.Tests.Statistics;

public class LinearFitTests
{
    [Fact]
    public void Lines_AreNumpys()
    {
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Statistics", "Goldens", "lines.csv")).Skip(1).ToList();
        Assert.NotEmpty(lines);
        Assert.All(lines, line =>
        {
            var cells = line.Split(',');
            var fit = LinearFit.Of([.. Numbers(cells[0]).Zip(Numbers(cells[1]))]);

            // numpy solves the same problem in another way (QR), so the last digits differ.
            Assert.All(
                [(Numbers(cells[2])[0], fit.Intercept), (Numbers(cells[3])[0], fit.Slope), (Numbers(cells[4])[0], fit.RmsResidual), (Numbers(cells[5])[0], fit.LargestRelativeResidual)],
                pair => Assert.Equal(pair.Item1, pair.Item2, Math.Abs(pair.Item1) * 1e-8));
        });
    }

    [Fact]
    public void PointsOnALine_LeaveNothing()
    {
        var fit = LinearFit.Of([(1, 12), (2, 14), (5, 20)]);

        Assert.Equal(10, fit.Intercept, 1e-12);
        Assert.Equal(2, fit.Slope, 1e-12);
        Assert.InRange(fit.RmsResidual, 0, 1e-12);
        Assert.InRange(fit.LargestRelativeResidual, 0, 1e-12);
    }

    [Fact]
    public void OnePlace_OrATimeOfZero_HasNoLine()
    {
        Assert.Throws<ArgumentException>("points", () => LinearFit.Of([(2, 1), (2, 3)]));
        Assert.Throws<ArgumentException>("points", () => LinearFit.Of([(1, 1), (2, 0)]));
        Assert.Throws<ArgumentException>("points", () => LinearFit.Of([(1, 1), (double.NaN, 2)]));
    }

    private static double[] Numbers(string cell) => [.. cell.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
}
