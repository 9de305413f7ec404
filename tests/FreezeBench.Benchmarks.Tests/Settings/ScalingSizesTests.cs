using FreezeBench.Benchmarks.Settings;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Settings;

public class ScalingSizesTests
{
    private static string[] Sizes(int[]? batches, int[]? resolutions, bool cuda = false, long? memory = null, bool quick = false) =>
        [.. ScalingSizes.For(batches, resolutions, cuda, memory, "resnet18", quick).Select(size => size.ToString())];

    [Fact]
    public void Cpu_LeavesOutTheSizeThatTakesTenSecondsAStep() =>
        Assert.Equal(["8x32px", "32x32px", "128x32px", "8x64px", "32x64px", "128x64px", "8x128px", "32x128px"], Sizes(null, null));

    [Fact]
    public void WhatWasAskedFor_IsMeasured_HoweverLarge()
    {
        Assert.Equal(["128x128px", "512x128px"], Sizes([128, 512], [128]));
        Assert.Equal(["8x512px", "32x512px", "128x512px"], Sizes(null, [512]));
    }

    [Fact]
    public void OneAxis_KeepsTheOthersDefault() => Assert.Equal(["16x32px", "16x64px", "16x128px"], Sizes([16], null));

    [Fact]
    public void Gpu_GetsWhatItsMemoryHolds()
    {
        Assert.Contains("256x224px", Sizes(null, null, cuda: true, memory: 24L << 30));
        Assert.DoesNotContain("256x224px", Sizes(null, null, cuda: true, memory: 8L << 30));
        Assert.Contains("64x224px", Sizes(null, null, cuda: true, memory: null));
    }

    [Fact]
    public void Quick_IsATableOfFour() => Assert.Equal(["4x32px", "8x32px", "4x64px", "8x64px"], Sizes(null, null, quick: true));
}
