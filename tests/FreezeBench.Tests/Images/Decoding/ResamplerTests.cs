using FreezeBench.Images.Decoding;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Images.Decoding;

/// <summary>The loop over single images gives what the matrices for batches give, which are held to torchvision's numbers.</summary>
public class ResamplerTests
{
    // Of values up to 255, by float32 sums in another order: 1e-4 is what is seen; anything wrong in kind is above 1.
    private const float Tolerance = 1e-3f;

    public static TheoryData<int, int, int> Sizes { get; } = new MatrixTheoryData<int, int, int>([1, 9, 53], [1, 37, 300], [8, 24, 56]);

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Resample_GivesWhatTheMatricesGive(int height, int width, int resolutionPx)
    {
        var box = new CropBox(height / 3, width / 4, height - (height / 3), width - (width / 4));
        foreach (var framing in new[] { Framing.Centre(height, width, resolutionPx), Framing.Whole(height, width, resolutionPx), Framing.Of(box, resolutionPx) })
            foreach (var flipped in new[] { false, true })
                AssertSame(height, width, resolutionPx, framing with { Flipped = flipped });
    }

    [Fact]
    public void WholeImage_IsWhatTorchMakesOfIt()
    {
        using var scope = NewDisposeScope();
        var expected = nn.functional.interpolate(Picture.Pixels(1, 53, 37).to(ScalarType.Float32), [24, 24], mode: InterpolationMode.Bilinear, align_corners: false, antialias: true);
        Assert.True(Picture.Difference(expected[0], Resampled(53, 37, 24, Framing.Whole(53, 37, 24))) <= Tolerance);
    }

    [Fact]
    public void BytesBehindTheImage_PlayNoPart()
    {
        var image = ImageDecoder.Decode(Picture.Png(1, 9, 7));
        var longer = image with { Pixels = [.. image.Pixels.Take(9 * 7 * DecodedImage.BytesPerPixel), .. Enumerable.Repeat((byte)255, 1000)] };
        float[] expected = new float[3 * 64], actual = new float[3 * 64];
        Resampler.Resample(image, Framing.Centre(9, 7, 8), 8, expected);
        Resampler.Resample(longer, Framing.Centre(9, 7, 8), 8, actual);
        Assert.Equal(expected, actual);
    }

    private static void AssertSame(int height, int width, int resolutionPx, Framing framing)
    {
        using var scope = NewDisposeScope();
        var expected = FramedResize.Apply(Picture.Pixels(1, height, width).to(ScalarType.Float32), [framing], resolutionPx)[0];
        var difference = Picture.Difference(expected, Resampled(height, width, resolutionPx, framing));
        Assert.True(difference <= Tolerance, $"{framing}: {difference}");
    }

    /// <returns>float32 [3, R, R].</returns>
    private static Tensor Resampled(int height, int width, int resolutionPx, Framing framing)
    {
        var pixels = new float[3 * resolutionPx * resolutionPx];
        Resampler.Resample(ImageDecoder.Decode(Picture.Png(1, height, width)), framing, resolutionPx, pixels);
        return tensor(pixels, resolutionPx, resolutionPx, 3).permute(2, 0, 1);
    }
}
