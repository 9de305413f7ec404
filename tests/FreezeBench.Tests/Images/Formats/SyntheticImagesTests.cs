using FreezeBench.Images.Formats;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Images.Formats;

public class SyntheticImagesTests
{
    [Fact]
    public void SameSeed_GivesTheSameSet()
    {
        using var first = SyntheticImages.Create(20, 5, 3, seed: 7, torch.CPU);
        using var unrelated = torch.rand(10);
        using var second = SyntheticImages.Create(20, 5, 3, seed: 7, torch.CPU);

        Assert.Equal(first.ContentHash, second.ContentHash);
        Assert.Equal(first.Images.data<byte>().ToArray(), second.Images.data<byte>().ToArray());
    }

    [Fact]
    public void OtherSeed_GivesAnotherSet()
    {
        HashSet<string> hashes = [];
        foreach (var seed in new long[] { int.MinValue, -1, 0, 1, 2, int.MaxValue })
        {
            using var data = SyntheticImages.Create(4, 2, 2, seed, torch.CPU);
            Assert.True(hashes.Add(data.ContentHash), $"Seed {seed} repeats the images of another.");
        }
    }

    [Theory]
    [InlineData(12, 4)]
    [InlineData(13, 4)]
    [InlineData(3, 10)]
    [InlineData(5, 1)]
    public void Labels_HaveEveryClassEquallyOften(int count, int classes)
    {
        using var data = SyntheticImages.Create(count, 2, classes, seed: 1, torch.CPU);
        var labels = data.Labels.data<long>().ToArray();

        Assert.Equal(Enumerable.Range(0, count).Select(i => (long)(i % classes)), labels);
        Assert.Equal(classes, data.Classes);
        Assert.Equal("synthetic", data.Name);
    }

    [Fact]
    public void Pixels_AreBytesOfTheWholeRange()
    {
        using var data = SyntheticImages.Create(10, 32, 2, seed: 1, torch.CPU);
        var pixels = data.Images.data<byte>().ToArray();

        Assert.Equal([10, 3, 32, 32], data.Images.shape);
        // 30,720 draws from 256 values: that one of them is missing has a chance below 1e-49.
        Assert.Equal(256, pixels.Distinct().Count());
    }

    [Fact]
    public void Create_LeavesOnlyTheSetBehind()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (SyntheticImages.Create(4, 4, 2, seed: 1, torch.CPU))
            Assert.Equal(before + 2, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void TheGlobalGenerator_IsNotTouched()
    {
        torch.manual_seed(5);
        using var expected = torch.rand(4);
        torch.manual_seed(5);
        using var data = SyntheticImages.Create(4, 4, 2, seed: 1, torch.CPU);
        using var actual = torch.rand(4);

        Assert.Equal(expected.data<float>().ToArray(), actual.data<float>().ToArray());
    }
}
