using FreezeBench.Images;
using FreezeBench.Images.Decoding;
using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Results;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Images.Decoding;

public class AugmentationTests
{
    public static TheoryData<string> Changing { get; } = new("flip", "crop-flip");

    [Fact]
    public void UnknownName_ListsValidValues()
    {
        Assert.Equal(Augmentation.All, Augmentation.All.Select(augmentation => Augmentation.Parse(augmentation.Name)));
        var message = Assert.Throws<UserErrorException>(() => Augmentation.Parse("cutout")).Message;
        Assert.Equal("Unknown augmentation 'cutout'. Valid values: none, flip, crop-flip.", message);
    }

    [Fact]
    public void None_GivesTheBitsOfThePlainTransform()
    {
        using var scope = NewDisposeScope();
        using var data = SyntheticImages.Create(6, 8, 6, seed: 1, CPU);
        using var transform = new ImageTransform(5, MemoryFormat.ChannelsLast, CPU);
        using var source = data.Batches(transform, 6, Augmentation.None);
        Assert.True(transform.Apply(data.Images).Equals(source.Load(0).Inputs));
    }

    [Theory]
    [MemberData(nameof(Changing))]
    public void Draws_DependOnSeedAndEpochAlone_NotOnTheBatchSize(string name)
    {
        using var data = SyntheticImages.Create(20, 8, 20, seed: 1, CPU);
        using var transform = new ImageTransform(8, MemoryFormat.Contiguous, CPU);
        using var small = data.Batches(transform, 3, Augmentation.Parse(name));
        using var large = data.Batches(transform, 20, Augmentation.Parse(name));
        // A source that resumes at epoch 2 sees what one sees that has been through epochs 0 and 1.
        small.Shuffle(seed: 5, epoch: 0);
        ByLabel(small);
        small.Shuffle(seed: 5, epoch: 2);
        large.Shuffle(seed: 5, epoch: 2);
        var (first, second) = (ByLabel(small), ByLabel(large));
        for (var label = 0; label < 20; label++)
            Assert.All(first[label].Zip(second[label]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));

        large.Shuffle(seed: 5, epoch: 3);
        Assert.NotEqual(second.Values, ByLabel(large).Values);
        large.Shuffle(seed: 6, epoch: 2);
        Assert.NotEqual(second.Values, ByLabel(large).Values);
    }

    [Fact]
    public void Flip_MirrorsAboutHalfOfTheImages_AndLeavesTheOthers()
    {
        const int Count = 400;
        using var scope = NewDisposeScope();
        using var data = SyntheticImages.Create(Count, 8, Count, seed: 1, CPU);
        using var transform = new ImageTransform(8, MemoryFormat.Contiguous, CPU);
        using var source = data.Batches(transform, Count, Augmentation.Flip);
        source.Shuffle(seed: 1, epoch: 0);
        var (inputs, labels) = source.Load(0);
        var plain = transform.Apply(data.Images).index_select(0, labels);
        var stays = (inputs - plain).abs().amax([1, 2, 3]).lt(1e-5).data<bool>().ToArray();
        var mirrored = (inputs - plain.flip(3)).abs().amax([1, 2, 3]).lt(1e-5).data<bool>().ToArray();

        Assert.All(stays.Zip(mirrored), pair => Assert.True(pair.First != pair.Second));
        Assert.InRange(mirrored.Count(flip => flip), 160, 240); // four standard deviations
    }

    [Fact]
    public void CropFlip_ShowsPartsOfTheImage_AtMostAsWideAsItsRange()
    {
        // A ramp from left to right: the difference between the result's ends is the width of the box.
        using var scope = NewDisposeScope();
        var ramp = (arange(32, ScalarType.Float32) * 8).to(ScalarType.Byte).reshape(1, 1, 1, 32).expand(100, 3, 32, 32).contiguous();
        using var data = new ImageDataSet("ramp", 2, "hash", ramp, zeros(100, ScalarType.Int64));
        using var transform = new ImageTransform(32, MemoryFormat.Contiguous, CPU, new ChannelStatistics([0, 0, 0], [1 / 255f, 1 / 255f, 1 / 255f]));
        using var source = data.Batches(transform, 100, Augmentation.CropFlip);
        source.Shuffle(seed: 1, epoch: 0);
        var inputs = source.Load(0).Inputs;
        var widths = ((inputs.select(3, 31) - inputs.select(3, 0)).select(1, 0).select(1, 0).abs() / 8 + 1).data<float>().ToArray();

        // Half of the area at 3:4 is 19.6 pixels wide.
        Assert.All(widths, width => Assert.InRange(width, 18, 32.01f));
        Assert.True(widths.Distinct().Count() > 5);
        Assert.Equal(0.5, data.Crop.SmallestShare);
    }

    private static SortedDictionary<long, float[]> ByLabel(BatchSource source)
    {
        SortedDictionary<long, float[]> images = [];
        for (var step = 0; step < source.StepsPerEpoch; step++)
        {
            using var scope = NewDisposeScope();
            var (inputs, labels) = source.Load(step);
            foreach (var (row, label) in labels.data<long>().ToArray().Index())
                images[label] = inputs[row].contiguous().data<float>().ToArray();
        }
        return images;
    }
}
