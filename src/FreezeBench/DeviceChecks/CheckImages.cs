using SkiaSharp;

namespace FreezeBench.DeviceChecks;

/// <summary>A folder of image files of two classes, from a formula; it goes when this is disposed.</summary>
internal sealed class CheckImages : IDisposable
{
    internal CheckImages(int each)
    {
        Folder = Directory.CreateTempSubdirectory("freezebench-check-").FullName;
        foreach (var (name, label) in new[] { ("first", 0), ("second", 1) })
        {
            Directory.CreateDirectory(Path.Combine(Folder, "train", name));
            for (var image = 0; image < each; image++)
                File.WriteAllBytes(Path.Combine(Folder, "train", name, $"{image:d3}.png"), Png((label * each) + image));
        }
    }

    internal string Folder { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    // Sizes differ from image to image, so that each has a resize of its own.
    private static byte[] Png(int number)
    {
        var (height, width) = (40 + (number % 7), 40 + (number % 5));
        var pixels = new byte[height * width * 4];
        for (var index = 0; index < pixels.Length; index++)
            pixels[index] = index % 4 == 3 ? byte.MaxValue : (byte)((number * 37) + (index * 7) + (index / 160 * 13));
        using var picture = SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), pixels);
        using var encoded = picture.Encode(SKEncodedImageFormat.Png, 100);
        return encoded.ToArray();
    }
}
