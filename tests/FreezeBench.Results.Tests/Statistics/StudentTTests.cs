using FreezeBench.Results.Statistics;
using Xunit;

namespace FreezeBench.Results.Tests.Statistics;

public sealed class StudentTTests
{
    /// <summary>Printed tables of the t distribution (NIST/SEMATECH e-Handbook, section 1.3.6.7.2), three decimals.</summary>
    [Theory]
    [InlineData(0.995, 1, 63.657)]
    [InlineData(0.995, 2, 9.925)]
    [InlineData(0.995, 3, 5.841)]
    [InlineData(0.995, 4, 4.604)]
    [InlineData(0.995, 5, 4.032)]
    [InlineData(0.995, 9, 3.250)]
    [InlineData(0.995, 10, 3.169)]
    [InlineData(0.995, 29, 2.756)]
    [InlineData(0.995, 30, 2.750)]
    [InlineData(0.995, 60, 2.660)]
    [InlineData(0.995, 100, 2.626)]
    [InlineData(0.975, 7, 2.365)]
    [InlineData(0.95, 12, 1.782)]
    [InlineData(0.995, int.MaxValue, 2.576)]
    public void Quantile_IsThePrintedTables(double probability, int degreesOfFreedom, double expected) =>
        Assert.Equal(expected, StudentT.Quantile(probability, degreesOfFreedom), 0.0005001);

    [Fact]
    public void OneDegreeOfFreedom_IsCauchys() =>
        Assert.Equal(Math.Tan(Math.PI * 0.49), StudentT.Quantile(0.99, 1), 1e-10);

    [Theory]
    [InlineData(0.5, 3)]
    [InlineData(1.0, 3)]
    [InlineData(double.NaN, 3)]
    [InlineData(0.99, 0)]
    public void ParameterOutsideItsRange_IsRefused(double probability, int degreesOfFreedom) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => StudentT.Quantile(probability, degreesOfFreedom));
}
