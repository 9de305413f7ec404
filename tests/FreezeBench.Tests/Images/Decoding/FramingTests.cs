using System.Globalization;
using FreezeBench.Images;
using FreezeBench.Images.Decoding;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Images.Decoding;

public class FramingTests
{
    // float32 sums in another order, of values up to 2.7: 1.2e-6 is what is seen against torchvision; anything wrong in kind is above 1e-2.
    private const float Tolerance = 1e-5f;

    private static readonly (int Height, int Width)[] sizes = [(53, 37), (29, 61), (40, 300)];

    public static TheoryData<int, int> ResolutionsAndImages { get; } = new MatrixTheoryData<int, int>([7, 24, 56], [0, 1, 2]);

    [Theory]
    [MemberData(nameof(ResolutionsAndImages))]
    public void Apply_MatchesTorchvision_ForBoxesAndForTheCentre_FlippedAndNot(int resolutionPx, int image)
    {
        using var scope = NewDisposeScope();
        using var transform = new ImageTransform(resolutionPx, MemoryFormat.ChannelsLast, CPU);
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Goldens", "framing.csv")).Skip(1).Select(line => line.Split(','))
            .Where(cells => cells[0] == $"{image}" && cells[1] == $"{resolutionPx}").ToList();
        var framings = lines.ConvertAll(cells => Golden(cells[2], image, resolutionPx) with { Flipped = cells[3] == "1" });
        var (height, width) = sizes[image];
        var result = transform.Apply(Picture.Pixels(image, height, width).expand(lines.Count, -1, -1, -1), framings);

        Assert.Equal([lines.Count, 3, resolutionPx, resolutionPx], result.shape);
        Assert.True(lines.Count >= 9 && lines.Exists(cells => cells[3] == "1") && lines.Exists(cells => cells[3] == "0"));
        foreach (var (number, cells) in lines.Index())
        {
            var expected = tensor(cells[6].Split(' ').Select(cell => float.Parse(cell, CultureInfo.InvariantCulture)).ToArray());
            var difference = Picture.Difference(expected, result[number, int.Parse(cells[4], null), int.Parse(cells[5], null)]);
            Assert.True(difference <= Tolerance, $"{cells[2]}, flipped {cells[3]}, channel {cells[4]}: {difference}");
        }
    }

    [Fact]
    public void ImagesOfDifferentSizes_ShareABatch_AndKeepTheirValues_WhateverThePaddingHolds()
    {
        using var scope = NewDisposeScope();
        using var transform = new ImageTransform(24, MemoryFormat.ChannelsLast, CPU);
        var padded = full([3, 3, 53, 300], 255, ScalarType.Byte);
        List<Framing> framings = [];
        foreach (var (image, (height, width)) in sizes.Index())
        {
            padded[image].narrow(1, 0, height).narrow(2, 0, width).copy_(Picture.Pixels(image, height, width)[0]);
            framings.Add(Framing.Centre(height, width, 24) with { Flipped = image == 1 });
        }
        var together = transform.Apply(padded, framings);
        foreach (var (image, (height, width)) in sizes.Index())
        {
            var alone = transform.Apply(Picture.Pixels(image, height, width), [framings[image]]);
            Assert.True(Picture.Difference(alone[0], together[image]) <= Tolerance);
        }
    }

    [Theory]
    [InlineData(37, 53, 24, 27, 38, 2, 7)] // short side 27.43; the long one 38.67, cut; the border 1.5 rounds to 2
    [InlineData(500, 375, 224, 341, 256, 58, 16)] // 58.5 rounds to 58
    [InlineData(224, 224, 224, 256, 256, 16, 16)]
    [InlineData(10, 1000, 224, 256, 25600, 16, 12688)]
    public void Centre_RoundsAsTorchvision(int height, int width, int resolutionPx, int rows, int columns, int top, int left)
    {
        var framing = Framing.Centre(height, width, resolutionPx);
        Assert.Equal((rows, columns, top, left), (framing.Rows.Resized, framing.Columns.Resized, framing.Rows.Offset, framing.Columns.Offset));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(20)]
    [InlineData(32)]
    public void WholeImages_AreTheSameByBothPaths(int resolutionPx)
    {
        using var scope = NewDisposeScope();
        using var transform = new ImageTransform(resolutionPx, MemoryFormat.ChannelsLast, CPU);
        var pixels = Picture.Pixels(1, 32, 32);
        var plain = transform.Apply(pixels);
        var framed = transform.Apply(pixels, [Framing.Whole(32, 32, resolutionPx)]);
        Assert.True(Picture.Difference(plain, framed) <= Tolerance);
        Assert.Equal(plain.stride(), framed.stride());
        var flipped = transform.Apply(pixels, [Framing.Whole(32, 32, resolutionPx) with { Flipped = true }]);
        Assert.True(Picture.Difference(plain.flip(3), flipped) <= Tolerance);
    }

    [Fact]
    public void OtherStatistics_NormaliseByThemselves()
    {
        using var scope = NewDisposeScope();
        using var transform = new ImageTransform(8, MemoryFormat.Contiguous, CPU, new ChannelStatistics([0.5f, 0.25f, 0], [0.5f, 1, 2]));
        var pixels = Picture.Pixels(0, 8, 8);
        var unit = pixels.to(ScalarType.Float32) / 255;
        var expected = (unit - tensor(new[] { 0.5f, 0.25f, 0 }).reshape(1, 3, 1, 1)) / tensor(new[] { 0.5f, 1, 2 }).reshape(1, 3, 1, 1);
        Assert.True(Picture.Difference(expected, transform.Apply(pixels)) <= 1e-6f);
        Assert.True(Picture.Difference(expected, transform.Apply(pixels, [Framing.Whole(8, 8, 8)])) <= 1e-6f);
    }

    [Fact]
    public void StatisticsWithoutMeaning_AreTheCallersMistake()
    {
        Assert.Throws<ArgumentException>("mean", () => new ChannelStatistics([0, 0], [1, 1, 1]));
        Assert.Throws<ArgumentException>("standardDeviation", () => new ChannelStatistics([0, 0, 0], [1, 0, 1]));
    }

    [Fact]
    public void Apply_LeavesOnlyItsResultBehind()
    {
        using var pixels = Picture.Pixels(0, 9, 11);
        using var transform = new ImageTransform(8, MemoryFormat.ChannelsLast, CPU);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (transform.Apply(pixels, [Framing.Whole(9, 11, 8)]))
            Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static Framing Golden(string frame, int image, int resolutionPx)
    {
        if (frame == "centre")
            return Framing.Centre(sizes[image].Height, sizes[image].Width, resolutionPx);
        var box = Array.ConvertAll(frame.Split(' '), number => int.Parse(number, CultureInfo.InvariantCulture));
        return Framing.Of(new CropBox(box[0], box[1], box[2], box[3]), resolutionPx);
    }
}
