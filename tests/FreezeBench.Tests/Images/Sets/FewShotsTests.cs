using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Results;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Images.Sets;

public class FewShotsTests
{
    [Fact]
    public void EveryClassHasAsMany_TheSeedDecidesWhich_AndSmallerDrawsArePartsOfLargerOnes()
    {
        using var all = SyntheticImages.Create(40, 8, 4, 1, CPU);
        using var three = FewShots.Take(all, 3, seed: 1);
        using var one = FewShots.Take(all, 1, seed: 1);
        using var again = FewShots.Take(all, 3, seed: 1);
        using var other = FewShots.Take(all, 3, seed: 2);

        Assert.Equal([3, 3, 3, 3], Labels(three).CountBy(label => label).OrderBy(count => count.Key).Select(count => count.Value));
        Assert.Equal([0, 1, 2, 3], Labels(one).Order());
        Assert.Equal(three.ContentHash, again.ContentHash);
        Assert.NotEqual(three.ContentHash, other.ContentHash);
        Assert.Subset(Pictures(three), Pictures(one));
    }

    [Fact]
    public void ClassWithFewer_IsNamed()
    {
        using var scope = NewDisposeScope();
        using var uneven = new ImageDataSet("uneven", 3, new string('a', 64), zeros(6, 3, 4, 4).to(ScalarType.Byte), tensor(new[] { 0L, 0, 0, 1, 1, 0 }), ["ants", "bees", "wasps"]);

        var error = Assert.Throws<UserErrorException>(() => FewShots.Take(uneven, 3, seed: 1));

        Assert.Equal("shots is 3, but 'uneven' has fewer training images of 2 classes: 'bees' has 2, 'wasps' has 0. Ask for fewer shots, or for other classes with class selection.", error.Message);
        FewShots.ThrowIfTooFew(uneven, 3, [0]);
        Assert.Throws<UserErrorException>(() => FewShots.ThrowIfTooFew(uneven, 3, [0, 1]));
    }

    private static long[] Labels(ImageSet set) => set.Labels.data<long>().ToArray();

    private static HashSet<string> Pictures(ImageSet set)
    {
        using var scope = NewDisposeScope();
        return [.. Enumerable.Range(0, set.Count).Select(index => Convert.ToHexString(((ImageDataSet)set).Images[index].contiguous().bytes))];
    }
}
