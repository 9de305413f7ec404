using SkiaSharp;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Images;

/// <summary>Images from a formula: any size, nothing stored.</summary>
internal static class Picture
{
    /// <summary>The twin of pixel() in the golden scripts.</summary>
    internal static byte Pixel(int image, int channel, int row, int column) =>
        (byte)(((image * 37) + (channel * 67) + (row * 7) + (column * 13) + (row * column * 3)) % 256);

    /// <returns>uint8 [1, 3, H, W].</returns>
    internal static Tensor Pixels(int image, int height, int width)
    {
        var pixels = from channel in Enumerable.Range(0, 3)
                     from row in Enumerable.Range(0, height)
                     from column in Enumerable.Range(0, width)
                     select Pixel(image, channel, row, column);
        return tensor(pixels.ToArray(), [1, 3, height, width]);
    }

    /// <summary>The same image as a PNG file, which keeps every value.</summary>
    internal static byte[] Png(int image, int height, int width)
    {
        var pixels = from row in Enumerable.Range(0, height)
                     from column in Enumerable.Range(0, width)
                     from channel in Enumerable.Range(0, 4)
                     select channel == 3 ? (byte)255 : Pixel(image, channel, row, column);
        using var picture = SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), pixels.ToArray());
        using var encoded = picture.Encode(SKEncodedImageFormat.Png, 100);
        return encoded.ToArray();
    }

    /// <summary>The largest difference between two tensors of the same shape.</summary>
    internal static float Difference(Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        return (first - second).abs().max().item<float>();
    }
}
