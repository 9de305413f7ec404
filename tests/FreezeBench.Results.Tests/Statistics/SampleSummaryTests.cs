using System.Globalization;
using FreezeBench.Results.Statistics;
using Xunit;

namespace FreezeBench.Results.Tests.Statistics;

public sealed class SampleSummaryTests
{
    [Fact]
    public void QuartilesAndDeviation_AreNumpys()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Statistics", "Goldens", "quartiles.csv"));
        Assert.Equal(11, lines.Length);
        foreach (var line in lines.Skip(1))
        {
            var cells = line.Split(',');
            var summary = SampleSummary.Of([.. cells[4].Split(' ').Select(Number)]);
            // 1e-12: the two programs sum in another order.
            Close(Number(cells[0]), summary.LowerQuartile);
            Close(Number(cells[1]), summary.Median);
            Close(Number(cells[2]), summary.UpperQuartile);
            Close(Number(cells[3]), summary.StandardDeviation!.Value);
        }

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
        static void Close(double expected, double actual) => Assert.Equal(expected, actual, Math.Abs(expected) * 1e-12);
    }

    [Fact]
    public void ConfidenceInterval_IsTheTextbooks()
    {
        // 2 4 4 4 5 5 7 9: mean 5, s^2 = 32/7, t(0.995, 7) = 3.4995 in printed tables.
        var summary = SampleSummary.Of([2, 4, 4, 4, 5, 5, 7, 9]);

        var margin = 3.4995 * Math.Sqrt(32.0 / 7 / 8);
        Assert.Equal(5 - margin, summary.ConfidenceLower99!.Value, 1e-4);
        Assert.Equal(5 + margin, summary.ConfidenceUpper99!.Value, 1e-4);
    }

    [Fact]
    public void OneSample_HasNoSpread()
    {
        var summary = SampleSummary.Of([3.5]);

        Assert.Equal((1, 3.5, 3.5, 3.5, 3.5, 0.0), (summary.Count, summary.Mean, summary.Median, summary.Min, summary.Max, summary.InterquartileRange));
        Assert.Null(summary.StandardDeviation);
        Assert.Null(summary.ConfidenceLower99);
        Assert.Null(summary.ConfidenceUpper99);
    }

    [Fact]
    public void NoSample_IsRefused() => Assert.Throws<ArgumentException>(() => SampleSummary.Of([]));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e151)]
    public void UnusableSample_IsRefusedByPositionAndValue(double sample)
    {
        var error = Assert.Throws<ArgumentException>(() => SampleSummary.Of([1, sample]));

        Assert.Contains("Sample 1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void RandomSamples_KeepTheLawsOfOrderAndScale(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            double[] samples = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => Math.Exp(20 * random.NextDouble() - 10))];
            var summary = SampleSummary.Of(samples);

            double[] ordered = [summary.Min, summary.LowerQuartile, summary.Median, summary.UpperQuartile, summary.Max];
            Assert.Equal(ordered.Order(), ordered);
            Assert.InRange(summary.Mean, summary.Min, summary.Max);
            random.Shuffle(samples);
            Assert.Equal(summary, SampleSummary.Of(samples));
            // A power of two scales every intermediate result exactly.
            var doubled = SampleSummary.Of([.. samples.Select(sample => 2 * sample)]);
            Assert.Equal((2 * summary.Mean, 2 * summary.Median, 2 * summary.StandardDeviation, 2 * summary.ConfidenceMargin99),
                (doubled.Mean, doubled.Median, doubled.StandardDeviation, doubled.ConfidenceMargin99));
        }
    }

    [Fact]
    public void EqualSamples_HaveNoSpreadAtAll()
    {
        var summary = SampleSummary.Of([0.1, 0.1, 0.1]);

        Assert.Equal((0.1, 0.0, 0.0), (summary.Mean, summary.StandardDeviation, summary.InterquartileRange));
    }
}
