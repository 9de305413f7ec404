using FreezeBench.Images.Sets;
using FreezeBench.Results;
using static TorchSharp.torch;

namespace FreezeBench.Images.Formats;

/// <summary>
/// Reads Fashion-MNIST (Xiao, Rasul, Vollgraf 2017, arXiv:1708.07747): IDX files, gzipped or not, of grey images of 28 x 28,
/// which are repeated to three equal channels.
/// </summary>
public static class FashionMnistFiles
{
    /// <summary>The name in options and in the CSV.</summary>
    public const string Name = "fashion-mnist";

    /// <summary>Height and width in pixels.</summary>
    public const int SizePx = 28;

    /// <summary>Where the package <c>dataset-fashion-mnist</c> of Debian and Ubuntu puts the files.</summary>
    public const string PackageFolder = "/usr/share/datasets/fashion-mnist";

    private const int MostTraining = 60_000;
    private const int MostTest = 10_000;

    private static readonly string[] classNames =
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>The training images: <c>train-images-idx3-ubyte</c> and <c>train-labels-idx1-ubyte</c>, also with <c>.gz</c>.</summary>
    /// <param name="directory">The folder with the files; null: <see cref="PackageFolder"/>.</param>
    /// <param name="device">Where the set lives.</param>
    /// <exception cref="UserErrorException">A file that is missing, cut off, of another shape, or with a label above 9.</exception>
    public static ImageDataSet LoadTraining(string? directory, Device device) => Load(directory, "train", MostTraining, device);

    /// <summary>The test images: <c>t10k-images-idx3-ubyte</c> and <c>t10k-labels-idx1-ubyte</c>, also with <c>.gz</c>.</summary>
    /// <inheritdoc cref="LoadTraining"/>
    public static ImageDataSet LoadTest(string? directory, Device device) => Load(directory, "t10k", MostTest, device);

    private static ImageDataSet Load(string? directory, string part, int most, Device device)
    {
        var imagesPath = Find(directory, $"{part}-images-idx3-ubyte");
        var labelsPath = Find(directory, $"{part}-labels-idx1-ubyte");
        var pixels = IdxFile.Read(imagesPath, most, SizePx, SizePx);
        var classes = IdxFile.Read(labelsPath, most);
        if (pixels.Count != classes.Count)
            throw new UserErrorException($"'{imagesPath}' has {pixels.Count} images, '{labelsPath}' {classes.Count} labels: they do not belong together. "
                + "Fetch both again.");
        if (Array.FindIndex(classes.Bytes, label => label >= classNames.Length) is var wrong and >= 0)
            throw new UserErrorException($"'{labelsPath}', item {wrong}: label {classes.Bytes[wrong]}; Fashion-MNIST has 0 to {classNames.Length - 1}. "
                + "The file is damaged or of another data set. Fetch it again.");
        using var scope = NewDisposeScope();
        var images = tensor(pixels.Bytes).reshape(-1, 1, SizePx, SizePx).expand(-1, 3, -1, -1).contiguous();
        var labels = tensor(classes.Bytes).to(ScalarType.Int64);
        return new ImageDataSet(Name, classNames.Length, ContentHasher.Hash(images, labels), images.to(device), labels.to(device), classNames);
    }

    private static string Find(string? directory, string name)
    {
        var folder = directory ?? PackageFolder;
        string[] candidates = [Path.Combine(folder, name), Path.Combine(folder, name + ".gz")];
        return Array.Find(candidates, File.Exists) ?? throw new UserErrorException(
            $"Fashion-MNIST is not found: neither {name} nor {name}.gz is in '{folder}'. Install the package dataset-fashion-mnist "
            + $"(Debian, Ubuntu; it fills {PackageFolder}), or let ‹the data directory› be the folder that has train-images-idx3-ubyte, "
            + "train-labels-idx1-ubyte and the two t10k files, each with or without .gz.");
    }
}
