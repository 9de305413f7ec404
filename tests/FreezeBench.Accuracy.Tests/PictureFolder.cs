using SkiaSharp;

namespace FreezeBench.Accuracy.Tests;

/// <summary>A user's own images: small PNGs of one grey each.</summary>
internal sealed class PictureFolder : IDisposable
{
    private readonly TemporaryFolder folder = new();

    internal string Path => folder.File("pictures");

    /// <summary>Three dark and three light ones to train on, one of each to test on.</summary>
    internal static PictureFolder OfTwoClasses()
    {
        var pictures = new PictureFolder();
        foreach (var (name, grey) in new[] { ("dark", 10), ("light", 240) })
        {
            for (var image = 0; image < 3; image++)
                pictures.WithImage($"train/{name}/{image}.png", grey + image);
            pictures.WithImage($"val/{name}/0.png", grey + 5);
        }
        return pictures;
    }

    internal PictureFolder WithImage(string relative, int grey)
    {
        using var bitmap = new SKBitmap(24, 20);
        bitmap.Erase(new SKColor((byte)grey, (byte)grey, (byte)grey));
        using var encoded = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return WithBytes(relative, encoded.ToArray());
    }

    internal PictureFolder WithBytes(string relative, byte[] bytes)
    {
        var path = System.IO.Path.Combine(Path, relative);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return this;
    }

    public void Dispose() => folder.Dispose();
}
