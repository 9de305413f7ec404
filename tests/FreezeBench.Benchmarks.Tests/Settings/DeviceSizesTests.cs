using FreezeBench.Benchmarks.Settings;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Settings;

public class DeviceSizesTests
{
    private const long GiB = 1L << 30;

    [Theory]
    [InlineData("resnet18", 8, 128)]
    [InlineData("resnet50", 24, 128)]
    [InlineData("resnet50", 12, 64)]
    [InlineData("resnet50", 6, 32)]
    public void BatchSize_FollowsTheGpusMemory(string backbone, int memoryGiB, int expected) =>
        Assert.Equal(expected, DeviceSizes.For(cuda: true, memoryGiB * GiB, backbone, quick: false).BatchSize);

    [Fact]
    public void UnknownMemory_CountsAsASmallGpu() =>
        Assert.Equal(DeviceSizes.For(true, 4 * GiB, "resnet50", false), DeviceSizes.For(true, null, "resnet50", false));

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Epoch_IsAWholeNumberOfBatches_AndMoreThanOne(bool cuda, bool quick)
    {
        var sizes = DeviceSizes.For(cuda, 16 * GiB, "resnet18", quick);

        Assert.Equal(0, sizes.ImagesPerEpoch % sizes.BatchSize);
        Assert.True(sizes.ImagesPerEpoch >= 2 * sizes.BatchSize);
    }

    [Fact]
    public void Description_NamesTheCpusSizes()
    {
        var sizes = DeviceSizes.For(false, null, "resnet18", false);

        Assert.StartsWith($"{sizes.ResolutionPx} px, batch {sizes.BatchSize}, {sizes.ImagesPerEpoch} images on the CPU", DeviceSizes.Description, StringComparison.Ordinal);
    }
}
