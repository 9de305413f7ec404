using FreezeBench.Images.Decoding;
using Xunit;

namespace FreezeBench.Tests.Images.Decoding;

public class ImageDecoderTests
{
    public static TheoryData<string> Files { get; } = new(Goldens().Select(cells => cells[0]));

    // Exact for JPEG too: this build of libjpeg-turbo and Pillow's give the same bytes, also for all 397 images of ants and bees.
    // Other builds may round otherwise, so a JPEG may differ by a few levels in single pixels, and by less than one on average.
    [Theory]
    [MemberData(nameof(Files))]
    public void Pixels_AreThoseOfPillow(string file)
    {
        var cells = Goldens().Single(line => line[0] == file);
        var expected = Convert.FromHexString(cells[3]);
        var image = ImageDecoder.Decode(ImageDecoder.Read(PathOf(file)));
        var differences = Interleaved(image).Zip(expected, (actual, wanted) => Math.Abs(actual - wanted)).ToList();

        Assert.Equal((cells[1], cells[2], expected.Length), ($"{image.Width}", $"{image.Height}", differences.Count));
        if (file.EndsWith(".jpg", StringComparison.Ordinal))
            Assert.True(differences.Average() < 1 && differences.Max() <= 8, $"mean {differences.Average()}, most {differences.Max()}");
        else
            Assert.All(differences, difference => Assert.Equal(0, difference));
    }

    [Theory]
    [InlineData("rgb.png", 0.5, "cut short")]
    [InlineData("rgb.jpg", 0.95, "cut short")]
    [InlineData("rgb.jpg", 0.99, "cut short")]
    [InlineData("rgb.bmp", 0.9, "cut short")]
    [InlineData("rgb.jpg", 0.1, "not an image, or its header is damaged")]
    [InlineData("rgb.png", 0.1, "not an image, or its header is damaged")]
    public void CutFiles_AreRefused(string file, double share, string reason)
    {
        var bytes = ImageDecoder.Read(PathOf(file));
        Assert.Equal(reason, Reason(bytes[..(int)(bytes.Length * share)]));
    }

    [Fact]
    public void OneWrongByteInAPng_IsSeenByItsChecksum()
    {
        var bytes = ImageDecoder.Read(PathOf("rgb.png"));
        bytes[bytes.Length * 2 / 3] ^= 0x55;
        Assert.Equal("damaged", Reason(bytes));
    }

    [Fact]
    public void WhatIsNoImage_IsRefused()
    {
        Assert.Equal("empty", Reason([]));
        Assert.Equal("not an image, or its header is damaged", Reason("<html>not found</html>"u8.ToArray()));
        Assert.Contains("no-such", Assert.Throws<UnreadableImageException>(() => ImageDecoder.Read(PathOf("no-such.png"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ALargerBuffer_IsUsed_AndASmallerOneIsNot()
    {
        var file = ImageDecoder.Read(PathOf("rgb.png"));
        var (large, small) = (new byte[100_000], new byte[10]);
        Assert.Same(large, ImageDecoder.Decode(file, large).Pixels);
        Assert.NotSame(small, ImageDecoder.Decode(file, small).Pixels);
        Assert.Equal(Interleaved(ImageDecoder.Decode(file)), Interleaved(ImageDecoder.Decode(file, large)));
    }

    private static string Reason(byte[] file) => Assert.Throws<UnreadableImageException>(() => ImageDecoder.Decode(file)).Message;

    private static byte[] Interleaved(DecodedImage image) =>
        [.. image.Pixels.Take(image.Width * image.Height * DecodedImage.BytesPerPixel).Where((_, index) => index % DecodedImage.BytesPerPixel < 3)];

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Goldens", "Images", file);

    private static IEnumerable<string[]> Goldens() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Goldens", "images.csv")).Skip(1).Select(line => line.Split(','));
}
