using SkiaSharp;

namespace FreezeBench.Benchmarks.Tests.Faults;

/// <summary>A folder of images: two classes with five in train and one in val.</summary>
internal static class Pictures
{
    /// <summary>Makes it.</summary>
    /// <returns>The folder.</returns>
    internal static string In(string folder)
    {
        foreach (var (name, colour) in new[] { ("ants", SKColors.Red), ("bees", SKColors.Blue) })
            for (var image = 0; image < 6; image++)
            {
                var path = Path.Combine(folder, image == 5 ? "val" : "train", name, $"{image}.png");
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                using var bitmap = new SKBitmap(20 + image, 24);
                bitmap.Erase(colour);
                using var file = File.Create(path);
                bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
            }
        return folder;
    }
}
