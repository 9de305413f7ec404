using FreezeBench.Downloads;
using FreezeBench.Images.Sets;
using FreezeBench.Results;
using static TorchSharp.torch;

namespace FreezeBench.Images.Formats;

/// <summary>
/// Reads CIFAR-100 in its binary layout (Krizhevsky, https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version"): records of
/// a coarse label byte (20 superclasses, not used), a fine label byte, 0 to 99, and 3072 pixel bytes.
/// </summary>
public static class Cifar100Files
{
    /// <summary>The name in options and in the CSV.</summary>
    public const string Name = "cifar100";

    internal static readonly CifarLayout Layout = new()
    {
        Name = Name,
        Title = "CIFAR-100",
        OtherTitle = "CIFAR-10",
        LabelBytes = 2,
        LabelAt = 1,
        ClassNames = Names(
            "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge bus butterfly",
            "camel can castle caterpillar cattle chair chimpanzee clock cloud cockroach couch crab crocodile cup",
            "dinosaur dolphin elephant flatfish forest fox girl hamster house kangaroo keyboard lamp lawn_mower",
            "leopard lion lizard lobster man maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid",
            "otter palm_tree pear pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray",
            "road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel streetcar",
            "sunflower sweet_pepper table tank telephone television tiger tractor train trout tulip turtle",
            "wardrobe whale willow_tree wolf woman worm"),
        OfficialFolder = "cifar-100-binary",
        PythonFolder = "cifar-100-python",
        FirstFile = "train.bin",
        // The checksum is the one in TensorFlow Datasets' list and in other libraries' loaders.
        Archive = new RemoteFile(new Uri("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz"), "cifar-100-binary.tar.gz",
            "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec", 168_513_733)
        {
            Instead = "let ‹the data directory› be the folder or archive of a copy",
        },
    };

    /// <summary>The training images: <c>train.bin</c>.</summary>
    /// <param name="directory">The folder with the files, or the one above <c>cifar-100-binary</c>.</param>
    /// <param name="device">Where the set lives.</param>
    /// <exception cref="UserErrorException">A missing, truncated or odd-sized file, or a label above 99; the file is named.</exception>
    public static ImageDataSet LoadTraining(string directory, Device device) => Load(directory, Layout.FirstFile, device);

    /// <summary>The test images: <c>test.bin</c>.</summary>
    /// <inheritdoc cref="LoadTraining"/>
    public static ImageDataSet LoadTest(string directory, Device device) => Load(directory, "test.bin", device);

    private static ImageDataSet Load(string directory, string fileName, Device device)
    {
        var path = Path.Combine(CifarSource.InnerFolder(directory, Layout), fileName);
        return File.Exists(path)
            ? new CifarRecords(Layout).Load([path], device, limit: null)
            : throw new UserErrorException($"No CIFAR-100 here: '{path}' does not exist. Let ‹the data directory› be the folder of the unpacked binary "
                + $"version ({Layout.OfficialFolder} with train.bin and test.bin).");
    }

    private static string[] Names(params IEnumerable<string> lines) => [.. lines.SelectMany(line => line.Split(' '))];
}
