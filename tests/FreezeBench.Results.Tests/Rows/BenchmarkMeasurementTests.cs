using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;
using Xunit;

namespace FreezeBench.Results.Tests.Rows;

public sealed class BenchmarkMeasurementTests
{
    [Fact]
    public void Samples_JoinTheirBenchmarkRowAndKeepTheirOrder()
    {
        var row = Examples.Measurement.ToRow(Examples.Stamp);
        var samples = Examples.Measurement.ToSampleRows(Examples.Stamp);

        Assert.All(samples, sample => Assert.Equal(CaseKey.Of(row), CaseKey.Of(sample)));
        Assert.Equal(Examples.Measurement.SamplesMs, samples.Select(sample => sample.ValueMs));
        Assert.Equal(Enumerable.Range(0, row.SampleCount), samples.Select(sample => sample.SampleIndex));
        Assert.NotEqual(CaseKey.Of(row), CaseKey.Of(row with { BatchSize = 64 }));
    }

    [Fact]
    public void Throughput_IsImagesOverTheMedian()
    {
        var row = (Examples.Measurement with { SamplesMs = [100, 500, 200] }).ToRow(Examples.Stamp);

        Assert.Equal(128 / 0.2, row.ThroughputImagesPerS);
        Assert.Equal(NoiseVerdict.Unknown, row.NoiseVerdict);
    }

    [Fact]
    public void RunIds_SortByTimeAndDiffer()
    {
        var start = new DateTimeOffset(2026, 1, 2, 5, 4, 5, TimeSpan.FromHours(2));

        Assert.StartsWith("20260102T030405Z-", RunId.New(start), StringComparison.Ordinal);
        Assert.NotEqual(RunId.New(start), RunId.New(start));
        Assert.True(string.CompareOrdinal(RunId.New(start), RunId.New(start.AddSeconds(1))) < 0);
    }
}
