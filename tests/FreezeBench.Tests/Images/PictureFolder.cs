using FreezeBench.Images.Folders;
using FreezeBench.Results;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Images;

/// <summary>An image folder on disk, with images of different sizes from a formula.</summary>
internal sealed class PictureFolder : IDisposable
{
    private readonly Temporary temporary = new();

    internal string Folder => temporary.Folder;

    internal string PathOf(string relative) => Path.Combine(Folder, relative);

    /// <summary>Two classes, <paramref name="each"/> images of either in train and one in val.</summary>
    internal static PictureFolder AntsAndBees(int each = 3)
    {
        var folder = new PictureFolder();
        foreach (var (name, label) in new[] { ("ants", 0), ("bees", 1) })
        {
            for (var image = 0; image < each; image++)
                folder.WithImage($"train/{name}/{image:d3}.png", (10 * label) + image);
            folder.WithImage($"val/{name}/0.png", 100 + label);
        }
        return folder;
    }

    /// <summary>The number decides the pixels and the size: 20 to 44 pixels, upright and lying.</summary>
    internal PictureFolder WithImage(string relative, int number) => WithBytes(relative, Picture.Png(number, Height(number), Width(number)));

    internal PictureFolder WithBytes(string relative, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(relative))!);
        File.WriteAllBytes(PathOf(relative), bytes);
        return this;
    }

    internal static int Height(int number) => 20 + (number * 7 % 25);

    internal static int Width(int number) => 20 + (number * 11 % 25);

    internal ImageFolderSets Load(bool skipUnreadable = false, int workers = 2) => ImageFolder.Load(Folder, torch.CPU, skipUnreadable, workers);

    internal string Error() => Assert.Throws<UserErrorException>(() => Load()).Message;

    public void Dispose() => temporary.Dispose();
}
