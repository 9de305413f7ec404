using System.Runtime.InteropServices;
using FreezeBench.Results;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Loading;
using FreezeBench.Weights.Tensors;
using Xunit;

namespace FreezeBench.Tests.Weights.Loading;

public class InputStatisticsTests
{
    private static readonly StateDictFile plain = WeightsGoldens.Sound("resnet18-legacy.pth");

    [Fact]
    public void FileOfAnotherProgram_NamesNone() => Assert.Null(InputStatistics.Of(plain));

    [Fact]
    public void MeanImage_GoesWithTheFile_InTheUnitOfImages()
    {
        var statistics = InputStatistics.Of(With([3, 2, 2], [.. Enumerable.Range(0, 12).Select(value => value * 20f)]))!;
        Assert.Equal([30 / 255f, 110 / 255f, 190 / 255f], statistics.Mean.Select(mean => MathF.Round(mean, 6)), (one, other) => MathF.Abs(one - other) < 1e-5f);
        Assert.Equal([1 / 255f, 1 / 255f, 1 / 255f], statistics.StandardDeviation);
        Assert.Equal(220 / 255f, statistics.MeanImage!.Values.Span[^1]);
    }

    [Theory]
    [InlineData(new long[] { 3, 2, 3 }, 18, 1f)]
    [InlineData(new long[] { 1, 2, 2 }, 4, 1f)]
    [InlineData(new long[] { 12 }, 12, 1f)]
    [InlineData(new long[] { 3, 2, 2 }, 12, 256f)]
    [InlineData(new long[] { 3, 2, 2 }, 12, float.NaN)]
    public void WhatIsNoMeanImage_IsRefused(long[] shape, int count, float value) => Assert.Contains(
        $"its entry {InputStatistics.MeanImageName} ", Assert.Throws<UserErrorException>(() => InputStatistics.Of(With(shape, [.. Enumerable.Repeat(value, count)]))).Message, StringComparison.Ordinal);

    private static StateDictFile With(long[] shape, float[] values) => plain with
    {
        Entries = [.. plain.Entries, new TensorEntry(InputStatistics.MeanImageName, ElementType.F32, TensorLayout.Dense(shape), MemoryMarshal.AsBytes<float>(values).ToArray())],
    };
}
