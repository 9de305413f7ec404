using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Results;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Images.Sets;

public class ClassSelectionTests
{
    [Fact]
    public void Numbers_AreASelectionEach_AndNamesAreOneTogether()
    {
        using var data = Insects();
        Assert.Equal([0, 1], Assert.Single(ClassSelection.Parse("2")).Resolve(data));
        var several = ClassSelection.Parse("2, 3,4");
        Assert.Equal(["2", "3", "4"], several.Select(selection => selection.Text));
        Assert.Equal([0, 1, 2], several[1].Resolve(data));
        var named = Assert.Single(ClassSelection.Parse("wasps,ants"));
        Assert.Equal([3, 0], named.Resolve(data));
        Assert.Equal("wasps,ants", named.Text);
        Assert.Equal(named, ClassSelection.Parse("wasps,ants")[0]);
        Assert.NotEqual(named, ClassSelection.Parse("ants,wasps")[0]);
    }

    [Theory]
    [InlineData("", "an item is empty")]
    [InlineData("2,,3", "an item is empty")]
    [InlineData("1", "1 classes; 2 are the fewest")]
    [InlineData("0,5", "0 classes; 2 are the fewest")]
    [InlineData("99999999999", "99999999999 classes; 2 are the fewest, and what the data set has the most")]
    [InlineData("3,2,03", "'3' is there more than once")]
    [InlineData("ants,bees,ants", "'ants' is there more than once")]
    [InlineData("ants", "'ants' alone leaves nothing to tell it from")]
    public void WrongText_IsRefusedWithWhatIsWrong(string text, string reason)
    {
        var message = Assert.Throws<UserErrorException>(() => ClassSelection.Parse(text)).Message;
        Assert.StartsWith($"class selection {text}: {reason}", message, StringComparison.Ordinal);
        Assert.EndsWith("Give a number of classes (10), several numbers (2,3,10: one selection each), or class names (ants,bees; names:1,2,10 where they are numbers, and \\, for a comma in a name).", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("names:1,2,10", "1", "2", "10")]
    [InlineData("names:ants,bees", "ants", "bees")]
    [InlineData(@"salt\, fine,salt\\,pepper", "salt, fine", @"salt\", "pepper")]
    public void NamesThatAreNumbers_OrHaveCommas_CanBeAskedFor(string text, params string[] names)
    {
        using var labels = NewDisposeScope();
        var images = zeros(names.Length, 3, 1, 1, ScalarType.Byte);
        var order = arange(names.Length, ScalarType.Int64);
        using var data = new ImageDataSet("kinds", names.Length, ContentHasher.Hash(images, order), images, order, [.. names.Reverse()]);
        var selection = ClassSelection.Parse(text).Single();
        Assert.Equal(Enumerable.Range(0, names.Length).Reverse(), selection.Resolve(data));
        // What a row has can be asked for again.
        Assert.Equal(selection, ClassSelection.Parse(selection.Text).Single());
    }

    [Fact]
    public void MoreClassesThanThereAre_NamesTheRange()
    {
        using var data = Insects();
        var message = Assert.Throws<UserErrorException>(() => ClassSelection.Parse("5")[0].Resolve(data)).Message;
        Assert.StartsWith("class selection 5: 'insects' has 4 classes; valid numbers: 2 to 4.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownNames_ListTheValidOnes()
    {
        using var data = Insects();
        var message = Assert.Throws<UserErrorException>(() => ClassSelection.Parse("ants,Bees,2")[0].Resolve(data)).Message;
        Assert.StartsWith("class selection ants,Bees,2: 'insects' has no class 'Bees', '2'; valid names: ants, bees, flies, wasps.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void SelectClasses_KeepsStoredOrder_AndRenumbersInTheOrderAsked()
    {
        using var scope = NewDisposeScope();
        using var data = Insects();
        using var some = data.SelectClasses([3, 0]);

        Assert.Equal([1, 0, 1, 0], some.Labels.data<long>().ToArray()); // ants, wasps, ants, wasps
        Assert.Equal(["wasps", "ants"], some.ClassNames);
        Assert.Equal(2, some.Classes);
        Assert.True(data.Images.index_select(0, tensor([0L, 3, 4, 7])).Equals(((ImageDataSet)some).Images));
    }

    [Fact]
    public void EverySelection_HasAHashOfItsOwn()
    {
        using var data = Insects();
        HashSet<string> hashes = [data.ContentHash];
        foreach (int[] classes in new[] { [0, 1], [1, 0], [0, 1, 2], [3, 0], new[] { 1, 0, 2, 3 } })
        {
            using var some = data.SelectClasses(classes);
            Assert.True(hashes.Add(some.ContentHash));
        }
    }

    [Fact]
    public void AClassWithoutImages_IsNamed()
    {
        using var data = Insects();
        using var three = data.Select([0, 1, 2]);
        var message = Assert.Throws<UserErrorException>(() => three.SelectClasses([0, 3])).Message;
        Assert.Equal("No image in 'insects' (3 images) is of class 'wasps'. Ask for another class selection, or for more images.", message);
    }

    [Fact]
    public void LabelsThatAreNone_AreTheCallersMistake()
    {
        using var data = Insects();
        Assert.Throws<ArgumentException>("classes", () => data.SelectClasses([0, 4]));
        Assert.Throws<ArgumentException>("classes", () => data.SelectClasses([1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>("classes", () => data.SelectClasses([1]));
    }

    [Fact]
    public void WithoutNames_ClassesAreNumbered()
    {
        using var data = SyntheticImages.Create(4, 2, 3, seed: 1, CPU);
        Assert.Equal(["class-0", "class-1", "class-2"], data.ClassNames);
        using var some = data.SelectClasses(ClassSelection.Parse("class-2,class-0")[0].Resolve(data));
        Assert.Equal([1, 0, 1], some.Labels.data<long>().ToArray());
    }

    /// <summary>Two images of each class, in the order of the classes, twice.</summary>
    private static ImageDataSet Insects()
    {
        using var scope = NewDisposeScope();
        var images = arange(8 * 3).to(ScalarType.Byte).reshape(8, 3, 1, 1);
        var labels = arange(8, ScalarType.Int64).remainder(4);
        return new ImageDataSet("insects", 4, ContentHasher.Hash(images, labels), images, labels, ["ants", "bees", "flies", "wasps"]);
    }
}
