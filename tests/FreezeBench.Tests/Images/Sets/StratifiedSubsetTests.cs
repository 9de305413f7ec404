using FreezeBench.Images.Sets;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Images.Sets;

public class StratifiedSubsetTests
{
    [Fact]
    public void Quotas_AddUpToTheCount_AndAreWithinOneOfTheExactShare()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 500; trial++)
        {
            int[] sizes = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => random.Next(1, 10_000))];
            var total = sizes.Sum();
            var count = random.Next(1, total + 1);
            var quotas = StratifiedSubset.Quotas(sizes, count);

            Assert.Equal(count, quotas.Sum());
            foreach (var (size, quota) in sizes.Zip(quotas))
            {
                Assert.InRange(quota, 0, size);
                Assert.True(Math.Abs(quota - ((double)size * count / total)) < 1, $"{quota} of {size} for {count} of {total}");
            }
        }
    }

    [Theory]
    [InlineData(new[] { 5000, 5000 }, 3, new[] { 2, 1 })]         // a tie goes to the first class
    [InlineData(new[] { 1, 98, 1 }, 50, new[] { 1, 49, 0 })]
    [InlineData(new[] { 2, 3 }, 5, new[] { 2, 3 })]
    [InlineData(new[] { 2_000_000_000, 100_000_000 }, 2_000_000_000, new[] { 1_904_761_905, 95_238_095 })]
    public void Quotas_AreThoseOfTheLargestRemainder(int[] sizes, int count, int[] expected) =>
        Assert.Equal(expected, StratifiedSubset.Quotas(sizes, count));

    [Fact]
    public void Take_GivesEveryClassItsShare()
    {
        using var data = Numbered([.. Enumerable.Repeat(0L, 60), .. Enumerable.Repeat(2L, 30), .. Enumerable.Repeat(1L, 10)]);
        using var subset = StratifiedSubset.Take(data, 20, seed: 1);

        var counts = subset.Labels.data<long>().ToArray().CountBy(label => label).OrderBy(pair => pair.Key);
        Assert.Equal([new(0, 12), new(1, 2), new KeyValuePair<long, int>(2, 6)], counts);
    }

    [Fact]
    public void Take_KeepsEachImageWithItsLabel_OnceAndInStoredOrder()
    {
        using var data = Numbered([.. Enumerable.Range(0, 100).Select(i => (long)(i * 7 % 5))]);
        using var subset = StratifiedSubset.Take(data, 37, seed: 4);
        var numbers = Numbers(subset);

        Assert.Equal(37, subset.Count);
        Assert.Equal(numbers.Distinct().Order(), numbers);
        Assert.Equal(numbers.Select(number => (long)(number * 7 % 5)), subset.Labels.data<long>().ToArray());
        Assert.NotEqual(data.ContentHash, subset.ContentHash);
        Assert.Equal(data.Classes, subset.Classes);
    }

    [Fact]
    public void SameSeed_GivesTheSameImages_AnotherSeedOthers()
    {
        using var data = Numbered([.. Enumerable.Range(0, 100).Select(i => (long)(i % 5))]);
        using var first = StratifiedSubset.Take(data, 30, seed: 1);
        using var again = StratifiedSubset.Take(data, 30, seed: 1);
        using var other = StratifiedSubset.Take(data, 30, seed: 2);

        Assert.Equal(Numbers(first), Numbers(again));
        Assert.Equal(first.ContentHash, again.ContentHash);
        Assert.NotEqual(Numbers(first), Numbers(other));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(int.MaxValue)]
    public void Take_GivesTheWholeSet_WhereThereIsNoMore(int limit)
    {
        using var data = Numbered([.. Enumerable.Range(0, 10).Select(i => (long)(i % 3))]);
        using var subset = StratifiedSubset.Take(data, limit, seed: 1);

        Assert.Equal(data.ContentHash, subset.ContentHash);
    }

    [Fact]
    public void Take_LeavesOnlyTheSubsetBehind()
    {
        using var data = Numbered([.. Enumerable.Range(0, 10).Select(i => (long)(i % 3))]);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (StratifiedSubset.Take(data, 4, seed: 1))
            Assert.Equal(before + 2, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void LimitBelowOne_IsTheCallersMistake()
    {
        using var data = Numbered([0, 1]);
        Assert.Throws<ArgumentOutOfRangeException>("limit", () => StratifiedSubset.Take(data, 0, seed: 1));
    }

    /// <summary>Images of one pixel whose value is their number.</summary>
    private static ImageDataSet Numbered(long[] labels)
    {
        using var scope = NewDisposeScope();
        var images = arange(labels.Length).to(ScalarType.Byte).reshape(-1, 1, 1, 1).expand(-1, 3, 1, 1).contiguous();
        var label = tensor(labels);
        return new ImageDataSet("numbered", (int)labels.Max() + 1, ContentHasher.Hash(images, label), images, label);
    }

    private static byte[] Numbers(ImageDataSet data)
    {
        using var red = data.Images.select(1, 0).contiguous();
        return red.data<byte>().ToArray();
    }
}
