using System.Globalization;
using FreezeBench.Results.Reports;
using Xunit;

namespace FreezeBench.Results.Tests.Reports;

public class NumbersTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.0016882, "0.00169")]
    [InlineData(0.18126, "0.181")]
    [InlineData(7.788, "7.79")]
    [InlineData(9.996, "10.0")]
    [InlineData(99.96, "100")]
    [InlineData(2085.55, "2086")]
    [InlineData(247803.4, "247803")]
    [InlineData(1e21, "1.00e21")]
    [InlineData(-2.5e-7, "-2.50e-7")]
    [InlineData(double.Epsilon, "4.94e-324")]
    public void Significant_KeepsThreeDigitsAndAllBeforeThePoint(double value, string text) => Assert.Equal(text, Numbers.Significant(value));

    [Theory]
    [InlineData(267.77, "268 ms")]
    [InlineData(0.0409, "0.0409 ms")]
    [InlineData(999.4, "999 ms")]
    [InlineData(999.6, "1.00 s")]
    [InlineData(2085.55, "2.09 s")]
    public void Time_GoesOverToSeconds_BeforeFourDigitsOfMilliseconds(double ms, string text) => Assert.Equal(text, Numbers.Time(ms));

    [Fact]
    public void Bounds_HaveUnitAndDecimalsOfTheirNumber() =>
        Assert.Equal("1.00 s (0.98 to 1.20)", Numbers.Time(new Figure { Value = 1000, Lower = 980.1, Upper = 1203, Origin = MarkdownReportTests.Origin }));

    // 95.35 is 95.3499... in binary.
    [Fact]
    public void Percent_RoundsTheDigitsOfTheFile_NotTheBinaryNumber() => Assert.Equal("95.4 %", Numbers.Percent(0.9535));

    [Theory]
    [InlineData(-0.0, "0.0")]
    [InlineData(-0.0004, "0.0")]
    [InlineData(-0.0006, "-0.1")]
    public void Points_AreNeverANegativeZero(double fraction, string text) => Assert.Equal(text, Numbers.Points(fraction));

    [Theory]
    [InlineData(512L << 20, "512 MiB")]
    [InlineData(3L << 29, "1.50 GiB")]
    public void Bytes_CountInPowersOf1024(long bytes, string text) => Assert.Equal(text, Numbers.Bytes(bytes));

    [Fact]
    public void Culture_ChangesNothing()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");

            Assert.Equal(("2.09 s", "-1.5", "84.7 %", "1.00e21", "2026-11-24"), (
                Numbers.Time(2085.55), Numbers.Fixed(-1.5, 1), Numbers.Percent(0.847), Numbers.Significant(1e21), Numbers.Day(new DateOnly(2026, 11, 24))));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
