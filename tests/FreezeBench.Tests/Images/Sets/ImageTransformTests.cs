using System.Globalization;
using FreezeBench.Images;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Images.Sets;

public class ImageTransformTests
{
    private const int SizePx = 32;

    // float32 resizing of values up to 255 against values up to 1, and one multiplication against two divisions: a few
    // roundings of 6e-8 relative on values up to 2.7, so 1e-6 is what is seen; anything wrong in kind is above 1e-2.
    private const float Tolerance = 1e-5f;

    public static TheoryData<string, int> FormatsAndResolutions { get; } = new MatrixTheoryData<string, int>(
        MemoryFormat.All.Select(format => format.Name), [64, 20, 32]);

    [Theory]
    [MemberData(nameof(FormatsAndResolutions))]
    public void Apply_MatchesTorchvision(string format, int resolutionPx)
    {
        using var images = TinyImages();
        using var transform = new ImageTransform(resolutionPx, MemoryFormat.Parse(format), CPU);
        using var result = transform.Apply(images);
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Goldens", "transform.csv")).Skip(1)
            .Select(line => line.Split(',')).Where(cells => cells[0] == $"{resolutionPx}").ToList();

        Assert.Equal(2 * 3 * 4, lines.Count);
        foreach (var cells in lines)
        {
            var expected = cells[4].Split(' ').Select(cell => float.Parse(cell, CultureInfo.InvariantCulture)).ToArray();
            using var row = result[int.Parse(cells[1], null), int.Parse(cells[2], null), int.Parse(cells[3], null)].contiguous();
            var actual = row.data<float>().ToArray();
            Assert.Equal(resolutionPx, actual.Length);
            Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
        }
    }

    [Theory]
    [MemberData(nameof(FormatsAndResolutions))]
    public void Result_IsFloat32_WithTheStridesOfItsFormat(string format, int resolutionPx)
    {
        using var images = TinyImages();
        using var transform = new ImageTransform(resolutionPx, MemoryFormat.Parse(format), CPU);
        using var result = transform.Apply(images);

        Assert.Equal(ScalarType.Float32, result.dtype);
        Assert.Equal([2, 3, resolutionPx, resolutionPx], result.shape);
        var area = (long)resolutionPx * resolutionPx;
        Assert.Equal(format == "contiguous" ? [3 * area, area, resolutionPx, 1] : [3 * area, 1, 3L * resolutionPx, 3], result.stride());
    }

    [Fact]
    public void TheStoredImages_DoNotChange()
    {
        using var images = TinyImages();
        using var before = images.clone();
        foreach (var resolutionPx in new[] { 20, SizePx })
        {
            using var transform = new ImageTransform(resolutionPx, MemoryFormat.Contiguous, CPU);
            transform.Apply(images).Dispose();
        }
        Assert.True(before.Equals(images));
    }

    [Fact]
    public void Apply_LeavesOnlyItsResultBehind()
    {
        using var images = TinyImages();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var transform = new ImageTransform(20, MemoryFormat.ChannelsLast, CPU))
        {
            var withTransform = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            using (transform.Apply(images))
                Assert.Equal(withTransform + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(20)]
    [InlineData(64)]
    public void MeanImage_IsSubtractedPixelByPixel_AsIfBeforeTheResize(int resolutionPx)
    {
        using var scope = NewDisposeScope();
        var mean = new MeanImage(SizePx, Range(3 * SizePx * SizePx).Select(place => place % 97 / 255f).ToArray());
        using var transform = new ImageTransform(resolutionPx, MemoryFormat.Contiguous, CPU, new ChannelStatistics(mean.ChannelMeans, [1 / 255f, 1 / 255f, 1 / 255f]) { MeanImage = mean });
        using var images = TinyImages();
        var before = images.to(ScalarType.Float32) - (tensor(mean.Values.ToArray()).reshape(1, 3, SizePx, SizePx) * 255);
        var expected = resolutionPx == SizePx ? before
            : nn.functional.interpolate(before, [resolutionPx, resolutionPx], mode: InterpolationMode.Bilinear, align_corners: false, antialias: true);

        // Values up to 255, of which a rounding is 1.5e-5.
        Assert.InRange((transform.Apply(images) - expected).abs().max().item<float>(), 0, 2e-4f);
        Assert.Contains($"mean image {mean.Sha256}", transform.Identity, StringComparison.Ordinal);
    }

    [Fact]
    public void MeanImageOfAnotherSize_IsTheCallersMistake() =>
        Assert.Throws<ArgumentException>("values", () => new MeanImage(4, new float[3 * 4 * 5]));

    [Fact]
    public void ResolutionBelowOne_IsTheCallersMistake() =>
        Assert.Throws<ArgumentOutOfRangeException>("resolutionPx", () => new ImageTransform(0, MemoryFormat.Contiguous, CPU));

    private static Tensor TinyImages()
    {
        var pixels = from image in Range(2)
                     from channel in Range(3)
                     from row in Range(SizePx)
                     from column in Range(SizePx)
                     select Pixel(image, channel, row, column);
        return tensor(pixels.ToArray(), [2, 3, SizePx, SizePx]);
    }

    private static IEnumerable<int> Range(int count) => Enumerable.Range(0, count);

    // The twin of pixel() in Goldens/make_transform_goldens.py.
    private static byte Pixel(int image, int channel, int row, int column) =>
        (byte)(((image * 37) + (channel * 67) + (row * 7) + (column * 13) + (row * column * 3)) % 256);
}
