using FreezeBench.Results;
using static TorchSharp.torch;

namespace FreezeBench.Data;

/// <summary>
/// Reads CIFAR-10 in its binary layout (Krizhevsky, https://www.cs.toronto.edu/~kriz/cifar.html, "Binary version"):
/// records of one label byte, 0 to 9, and 3072 pixel bytes, the red, green and blue plane of 32 x 32, rows first.
/// </summary>
public static class CifarFiles
{
    /// <summary>The name in <c>--dataset</c> and in the CSV.</summary>
    public const string Name = "cifar10";

    /// <summary>Number of classes.</summary>
    public const int Classes = 10;

    /// <summary>Height and width in pixels.</summary>
    public const int SizePx = 32;

    private const int RecordBytes = 1 + (3 * SizePx * SizePx);
    private const int MostBatches = 5;
    private const string OfficialFolder = "cifar-10-batches-bin";
    private const string FetchAgain = "Fetch or unpack it again.";

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
            throw new UserErrorException($"No CIFAR-10 training file in '{folder}': data_batch_1.bin is missing. {WhatIsExpected}");
        var gaps = Enumerable.Range(1, last).Where(number => !File.Exists(Batch(number))).Select(number => $"data_batch_{number}.bin");
        if (gaps.Any())
            throw new UserErrorException($"CIFAR-10 in '{folder}' is incomplete: data_batch_{last}.bin is there, "
                + $"{string.Join(", ", gaps)} missing. {WhatIsExpected}");
        return Load([.. Enumerable.Range(1, last).Select(Batch)], device, limit);
    }

    /// <summary>The test images: <c>test_batch.bin</c>.</summary>
    /// <inheritdoc cref="LoadTraining"/>
    public static ImageDataSet LoadTest(string directory, Device device, int? limit = null)
    {
        var path = Path.Combine(FindFolder(directory), "test_batch.bin");
        return File.Exists(path)
            ? Load([path], device, limit)
            : throw new UserErrorException($"No CIFAR-10 test file: '{path}' does not exist. {WhatIsExpected}");
    }

    private static string WhatIsExpected =>
        $"Give --data-dir the folder of the unpacked binary version ({OfficialFolder} with data_batch_1.bin to data_batch_{MostBatches}.bin and test_batch.bin).";

    private static string FindFolder(string directory)
    {
        if (!Directory.Exists(directory))
            throw new UserErrorException($"The data folder '{directory}' does not exist. {WhatIsExpected}");
        var inner = Path.Combine(directory, OfficialFolder);
        return Directory.Exists(inner) ? inner : directory;
    }

    private static ImageDataSet Load(IReadOnlyList<string> paths, Device device, int? limit)
    {
        if (limit is { } asked)
            ArgumentOutOfRangeException.ThrowIfLessThan(asked, 1, nameof(limit));
        var counts = paths.Select(CountRecords).ToList();
        using var scope = NewDisposeScope();
        List<Tensor> parts = [];
        var missing = Math.Min(limit ?? int.MaxValue, counts.Sum());
        for (var file = 0; file < paths.Count && missing > 0; file++)
        {
            var take = Math.Min(missing, counts[file]);
            parts.Add(ReadRecords(paths[file], take));
            missing -= take;
        }
        var records = cat(parts, 0);
        var labels = records.select(1, 0).to(ScalarType.Int64);
        var images = records.narrow(1, 1, RecordBytes - 1).reshape(-1, 3, SizePx, SizePx).contiguous();
        return new ImageDataSet(Name, Classes, ContentHasher.Hash(images, labels), images.to(device), labels.to(device));
    }

    private static int CountRecords(string path)
    {
        var length = Read(path, file => file.Length);
        if (length == 0 || length % RecordBytes != 0)
            throw new UserErrorException($"'{path}' is {length} bytes, which is not a whole number of CIFAR-10 records of {RecordBytes} bytes: "
                + $"truncated or another format. {FetchAgain}");
        return checked((int)(length / RecordBytes));
    }

    /// <returns>uint8 [count, 3073].</returns>
    private static Tensor ReadRecords(string path, int count)
    {
        var bytes = Read(path, file =>
        {
            var records = new byte[count * RecordBytes];
            file.ReadExactly(records);
            return records;
        });
        for (var record = 0; record < count; record++)
            if (bytes[record * RecordBytes] >= Classes)
                throw new UserErrorException($"'{path}', record {record}: label {bytes[record * RecordBytes]}; CIFAR-10 has 0 to {Classes - 1}. "
                    + $"The file is damaged or of another format (CIFAR-100 is not this one). {FetchAgain}");
        return tensor(bytes).reshape(-1, RecordBytes);
    }

    private static T Read<T>(string path, Func<FileStream, T> read)
    {
        try
        {
            using var file = File.OpenRead(path);
            return read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"'{path}' cannot be read: {e.Message.TrimEnd('.')}. Check that it may be read and that no other program writes to it.", e);
        }
    }
}
