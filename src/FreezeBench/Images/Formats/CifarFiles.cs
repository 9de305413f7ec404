using FreezeBench.Downloads;
using FreezeBench.Images.Sets;
using FreezeBench.Results;
using static TorchSharp.torch;

namespace FreezeBench.Images.Formats;

/// <summary>
/// Reads CIFAR-10 in its binary layout (Krizhevsky, https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version"):
/// records of one label byte, 0 to 9, and 3072 pixel bytes, the red, green and blue plane of 32 x 32, rows first.
/// </summary>
public static class CifarFiles
{
    /// <summary>The name in options and in the CSV.</summary>
    public const string Name = "cifar10";

    /// <summary>Number of classes.</summary>
    public const int Classes = 10;

    /// <summary>Height and width in pixels.</summary>
    public const int SizePx = CifarLayout.SizePx;

    private const int MostBatches = 5;
    private const string FirstBatch = "data_batch_1.bin";

    internal static readonly CifarLayout Layout = new()
    {
        Name = Name,
        Title = "CIFAR-10",
        OtherTitle = "CIFAR-100",
        LabelBytes = 1,
        LabelAt = 0,
        ClassNames = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"],
        OfficialFolder = "cifar-10-batches-bin",
        PythonFolder = "cifar-10-batches-py",
        FirstFile = FirstBatch,
        // The checksum is the one in TensorFlow Datasets' list and in other libraries' loaders.
        Archive = new RemoteFile(new Uri("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz"), "cifar-10-binary.tar.gz",
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd", 170_052_171)
        {
            Instead = "let ‹the data directory› be the folder or archive of a copy",
        },
    };

    /// <summary>The training images: <c>data_batch_1.bin</c> and on, without a gap, up to <c>data_batch_5.bin</c>.</summary>
    /// <param name="directory">The folder with the files, or the one above <c>cifar-10-batches-bin</c>.</param>
    /// <param name="device">Where the set lives.</param>
    /// <param name="limit">At most so many images, the first ones in file order; null: all. The files' sizes are all checked.</param>
    /// <exception cref="UserErrorException">A missing, truncated or odd-sized file, or a label above 9; the file is named.</exception>
    public static ImageDataSet LoadTraining(string directory, Device device, int? limit = null)
    {
        var folder = FindFolder(directory);
        string Batch(int number) => Path.Combine(folder, $"data_batch_{number}.bin");
        var last = Enumerable.Range(1, MostBatches).LastOrDefault(number => File.Exists(Batch(number)));
        if (last == 0)
            throw new UserErrorException($"No CIFAR-10 training file in '{folder}': {FirstBatch} is missing. {WhatIsExpected}");
        var gaps = Enumerable.Range(1, last).Where(number => !File.Exists(Batch(number))).Select(number => $"data_batch_{number}.bin");
        if (gaps.Any())
            throw new UserErrorException($"CIFAR-10 in '{folder}' is incomplete: data_batch_{last}.bin is there, "
                + $"{string.Join(", ", gaps)} missing. {WhatIsExpected}");
        return new CifarRecords(Layout).Load([.. Enumerable.Range(1, last).Select(Batch)], device, limit);
    }

    /// <summary>The test images: <c>test_batch.bin</c>.</summary>
    /// <inheritdoc cref="LoadTraining"/>
    public static ImageDataSet LoadTest(string directory, Device device, int? limit = null)
    {
        var path = Path.Combine(FindFolder(directory), "test_batch.bin");
        return File.Exists(path)
            ? new CifarRecords(Layout).Load([path], device, limit)
            : throw new UserErrorException($"No CIFAR-10 test file: '{path}' does not exist. {WhatIsExpected}");
    }

    private static string WhatIsExpected =>
        $"Let ‹the data directory› be the folder of the unpacked binary version ({Layout.OfficialFolder} with {FirstBatch} to data_batch_{MostBatches}.bin and test_batch.bin).";

    private static string FindFolder(string directory) => Directory.Exists(directory)
        ? CifarSource.InnerFolder(directory, Layout)
        : throw new UserErrorException($"The data folder '{directory}' {PathText.NoFolder(directory)}. {WhatIsExpected}");
}
