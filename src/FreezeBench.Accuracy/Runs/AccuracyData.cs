using FreezeBench.Accuracy.Options;
using FreezeBench.Downloads;
using FreezeBench.Images;
using FreezeBench.Images.Catalog;
using FreezeBench.Images.Folders;
using FreezeBench.Images.Formats;
using FreezeBench.Images.Sets;
using static TorchSharp.torch;

namespace FreezeBench.Accuracy.Runs;

/// <summary>Training and test images of a command.</summary>
public sealed class AccuracyData : IDisposable
{
    private readonly AccuracyData? owner;

    /// <param name="training">Images to train on.</param>
    /// <param name="test">Images to test on.</param>
    /// <param name="owner">Whose sets these may be; what is not its own belongs to this one.</param>
    private AccuracyData(ImageSet training, ImageSet test, AccuracyData? owner = null) => (Training, Test, this.owner) = (training, test, owner);

    /// <summary>Images to train on.</summary>
    public ImageSet Training { get; }

    /// <summary>Images to test on.</summary>
    public ImageSet Test { get; }

    /// <summary>Paths and reasons of images that were left out because they cannot be decoded.</summary>
    public IReadOnlyList<UnreadableImage> Skipped { get; private init; } = [];

    /// <summary>How many files of a folder are no images, or not looked at, by kind.</summary>
    public IReadOnlyDictionary<string, int> Ignored { get; private init; } = System.Collections.ObjectModel.ReadOnlyDictionary<string, int>.Empty;

    /// <summary>Test images of a folder that are to the last byte among those to train on.</summary>
    public int TrainedTestImages { get; private init; }

    /// <summary>One hash for both sets: what a row's <c>data_hash</c> says.</summary>
    public string Hash => FileHasher.Combine(Training.ContentHash, Test.ContentHash);

    /// <summary>Loads all of a data set.</summary>
    /// <param name="settings">Which.</param>
    /// <param name="device">Where batches are made.</param>
    /// <param name="progress">Hears about downloads, and of images that stay on the host.</param>
    /// <param name="stop">Ends a download.</param>
    /// <param name="freeGpuBytes">Memory that is free on the device, where it is a GPU; null: not known.</param>
    /// <exception cref="Results.UserErrorException">Missing or damaged files, or a download that failed.</exception>
    public static AccuracyData Load(AccuracySettings settings, Device device, IDownloadProgress progress, CancellationToken stop, long? freeGpuBytes = null)
    {
        var request = new DataSetRequest { Name = settings.Dataset, Directory = settings.DataDirectory, Device = device, FreeDeviceBytes = freeGpuBytes, Progress = progress, Stop = stop };
        var folder = settings.Dataset == AntsBees.Name ? AntsBees.Locate(request) : DatasetNames.FolderOf(settings.Dataset);
        if (folder is null)
        {
            var (training, test) = DataSetCatalog.Load(request);
            return new AccuracyData(training, test);
        }
        var images = ImageFolder.Load(folder, device, settings.SkipUnreadable, split: settings.Split);
        return new AccuracyData(images.Training, images.Test) { Skipped = images.Skipped, Ignored = images.Ignored, TrainedTestImages = images.TrainedTestImages };
    }

    /// <summary>Noise in number, size and classes of a set known by name, for what needs its shape alone.</summary>
    /// <param name="shape">By <see cref="ShapeOf"/>.</param>
    /// <param name="device">Where batches are made.</param>
    internal static AccuracyData StandIn((int Training, int Test, int SizePx, int Classes) shape, Device device) => new(
        SyntheticImages.Create(shape.Training, shape.SizePx, shape.Classes, 1, device), SyntheticImages.Create(shape.Test, shape.SizePx, shape.Classes, 2, device));

    /// <summary>The same without the noise, which takes a second to draw: for what looks at no pixel.</summary>
    /// <param name="dataset">Value of <c>--dataset</c>.</param>
    /// <param name="shape">By <see cref="ShapeOf"/>.</param>
    internal static AccuracyData Unseen(string dataset, (int Training, int Test, int SizePx, int Classes) shape) => new(
        UnseenImages.Create(dataset, shape.Training, shape.Classes, shape.SizePx), UnseenImages.Create(dataset, shape.Test, shape.Classes, shape.SizePx));

    /// <summary>Images, their size and classes, of a value of <c>--dataset</c>; null where they are not known without the files.</summary>
    internal static (int Training, int Test, int SizePx, int Classes)? ShapeOf(string dataset) => dataset switch
    {
        CifarFiles.Name => (50_000, 10_000, CifarFiles.SizePx, CifarFiles.Classes),
        Cifar100Files.Name => (50_000, 10_000, CifarFiles.SizePx, 100),
        FashionMnistFiles.Name => (60_000, 10_000, FashionMnistFiles.SizePx, 10),
        _ => null,
    };

    /// <summary>The images of one run: some classes, and no more than the limits.</summary>
    /// <param name="settings">With the limits.</param>
    /// <param name="classes">Null: all.</param>
    /// <param name="seed">Draws a limited set.</param>
    /// <param name="shots">Training images of each class; null: all, or as many as the limit says.</param>
    /// <returns>The caller disposes it, before this one; sets that are wanted whole are shared with this one, not copied.</returns>
    public AccuracyData Choose(AccuracySettings settings, ClassSelection? classes, int seed, int? shots = null) =>
        new AccuracyData(Choose(Training, classes, settings.TrainLimit, seed, shots), Choose(Test, classes, settings.TestLimit, seed, shots: null), this);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Training != owner?.Training)
            Training.Dispose();
        if (Test != owner?.Test)
            Test.Dispose();
    }

    private static ImageSet Choose(ImageSet all, ClassSelection? classes, int? limit, int seed, int? shots)
    {
        var some = classes is null ? all : all.SelectClasses(classes.Resolve(all));
        if (shots is null && (limit is not { } most || most >= some.Count))
            return some;
        var few = shots is { } each ? FewShots.Take(some, each, seed) : StratifiedSubset.Take(some, limit!.Value, seed);
        if (some != all)
            some.Dispose();
        return few;
    }
}
