using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Images.Sets;

public class ImageDataSetTests
{
    [Fact]
    public void WrongImages_AreNamedByTypeAndShape()
    {
        using var labels = zeros(2, ScalarType.Int64);
        using var floats = zeros(2, 3, 4, 4);
        using var gray = zeros([2, 1, 4, 4], ScalarType.Byte);

        Assert.Contains("Float32 [2, 3, 4, 4]; uint8 [N, 3, H, W] is needed", Refusal("images", floats, labels), StringComparison.Ordinal);
        Assert.Contains("Byte [2, 1, 4, 4]", Refusal("images", gray, labels), StringComparison.Ordinal);
    }

    [Fact]
    public void WrongLabels_AreNamedByTypeAndShape()
    {
        using var images = zeros([2, 3, 4, 4], ScalarType.Byte);
        using var three = zeros(3, ScalarType.Int64);
        using var ints = zeros(2, ScalarType.Int32);

        Assert.Contains("Int64 [3]; int64 [2] is needed", Refusal("labels", images, three), StringComparison.Ordinal);
        Assert.Contains("Int32 [2]", Refusal("labels", images, ints), StringComparison.Ordinal);
    }

    [Fact]
    public void Select_TakesTheImagesInTheOrderAsked()
    {
        using var data = SyntheticImages.Create(5, 2, 5, seed: 1, CPU);
        using var selected = data.Select([4, 0, 4]);

        Assert.Equal([4, 0, 4], selected.Labels.data<long>().ToArray());
        using var expected = cat([data.Images.narrow(0, 4, 1), data.Images.narrow(0, 0, 1), data.Images.narrow(0, 4, 1)]);
        Assert.True(expected.Equals(selected.Images));
        Assert.Equal(ContentHasher.Hash(selected.Images, selected.Labels), selected.ContentHash);
    }

    [Fact]
    public void ClassNames_AreOneForEachClass_AndStayWithASelection()
    {
        using var images = zeros([2, 3, 4, 4], ScalarType.Byte);
        using var labels = zeros(2, ScalarType.Int64);
        using var named = new ImageDataSet("made-up", 2, "hash", images, labels, ["ant", "bee"]);
        using var selected = named.Select([1]);
        using var unnamed = SyntheticImages.Create(3, 2, 3, seed: 1, CPU);

        Assert.Equal(["ant", "bee"], selected.ClassNames);
        Assert.Equal(["class-0", "class-1", "class-2"], unnamed.ClassNames);
        Assert.Contains("There are 1 names for 2 classes.",
            Assert.Throws<ArgumentException>("classNames", () => new ImageDataSet("made-up", 2, "hash", images, labels, ["ant"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Set_OutlivesTheScopeItWasMadeIn_AndGoesWithItsDisposal()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        ImageDataSet data;
        using (NewDisposeScope())
            data = SyntheticImages.Create(4, 2, 2, seed: 1, CPU);
        Assert.Equal(4, data.Count);
        data.Dispose();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static string Refusal(string parameter, Tensor images, Tensor labels) =>
        Assert.Throws<ArgumentException>(parameter, () => Make(images, labels)).Message;

    private static ImageDataSet Make(Tensor images, Tensor labels) => new("made-up", 2, "hash", images, labels);
}
