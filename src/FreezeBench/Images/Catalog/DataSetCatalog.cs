using FreezeBench.Images.Decoding;
using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using FreezeBench.Results;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Images.Catalog;

/// <summary>The data sets that can be loaded by name: a closed list.</summary>
public static class DataSetCatalog
{
    /// <summary>The names, for help texts, parsers and messages.</summary>
    public const string ValidNames = $"{SyntheticImages.Name}, {CifarFiles.Name}, {Cifar100Files.Name}, {FashionMnistFiles.Name}";

    // Enough for every class in a few batches; learning noise by heart shows that training works, not how well.
    private const int SyntheticTraining = 2048;
    private const int SyntheticTest = 512;

    /// <summary>Whether <see cref="Load"/> knows the name.</summary>
    public static bool IsValid(string name) => name is SyntheticImages.Name or CifarFiles.Name or Cifar100Files.Name or FashionMnistFiles.Name;

    /// <summary>
    /// Loads a set, fetching and unpacking it first where that is needed. Its images go to the device, or stay on the host where a
    /// GPU has no room for them.
    /// </summary>
    /// <returns>Images to train on and images to test on; the caller disposes both.</returns>
    /// <exception cref="UserErrorException">An unknown name; files that are missing or damaged; a failed download.</exception>
    public static (ImageDataSet Training, ImageDataSet Test) Load(DataSetRequest request)
    {
        var (training, test) = LoadOnHost(request);
        if (request.Device.type == DeviceType.CPU)
            return (training, test);
        var bytes = training.Images.numel() + test.Images.numel();      // a byte each
        var onDevice = ImagePlacement.OnDevice(bytes, request);
        return Both(() => training.MovedTo(request.Device, onDevice), () => test.MovedTo(request.Device, onDevice));
    }

    private static (ImageDataSet Training, ImageDataSet Test) LoadOnHost(DataSetRequest request) => request.Name switch
    {
        SyntheticImages.Name => Both(() => Synthetic(SyntheticTraining, 1, request), () => Synthetic(SyntheticTest, 2, request)),
        CifarFiles.Name => Cifar10(CifarSource.Locate(CifarFiles.Layout, request), request),
        Cifar100Files.Name => Cifar100(CifarSource.Locate(Cifar100Files.Layout, request), request),
        FashionMnistFiles.Name => Both(
            () => FashionMnistFiles.LoadTraining(request.Directory, CPU), () => FashionMnistFiles.LoadTest(request.Directory, CPU)),
        _ => throw new UserErrorException($"Unknown data set '{request.Name}'. Valid values: {ValidNames}."),
    };

    private static ImageDataSet Synthetic(int count, long seed, DataSetRequest request) => request.Directory is null
        ? SyntheticImages.Create(count, CifarFiles.SizePx, CifarFiles.Classes, seed, CPU)
        : throw new UserErrorException($"‹The data directory› is '{request.Directory}', but the data set {SyntheticImages.Name} reads no files; leave it out.");

    private static (ImageDataSet, ImageDataSet) Cifar10(string folder, DataSetRequest request) =>
        Both(() => CifarFiles.LoadTraining(folder, CPU), () => CifarFiles.LoadTest(folder, CPU));

    private static (ImageDataSet, ImageDataSet) Cifar100(string folder, DataSetRequest request) =>
        Both(() => Cifar100Files.LoadTraining(folder, CPU), () => Cifar100Files.LoadTest(folder, CPU));

    // A test set that cannot be read must not leave the training set's memory behind.
    private static (ImageDataSet, ImageDataSet) Both(Func<ImageDataSet> loadTraining, Func<ImageDataSet> loadTest)
    {
        var training = loadTraining();
        try
        {
            return (training, loadTest());
        }
        catch
        {
            training.Dispose();
            throw;
        }
    }
}
