using FreezeBench.Images.Sets;
using FreezeBench.Results;
using static TorchSharp.torch;

namespace FreezeBench.Images.Formats;

/// <summary>
/// Reads the records of CIFAR's binary files: one or two label bytes, then 3072 pixel bytes, the red, green and blue plane of
/// 32 x 32, rows first.
/// </summary>
/// <param name="layout">Which of the two sets.</param>
internal sealed class CifarRecords(CifarLayout layout)
{
    private const string FetchAgain = "Fetch or unpack it again.";

    /// <summary>The files' records in order.</summary>
    /// <param name="paths">At least one.</param>
    /// <param name="device">Where the set lives.</param>
    /// <param name="limit">At most so many images, the first ones; null: all. The files' sizes are all checked.</param>
    /// <exception cref="UserErrorException">A file cannot be read, is of odd size, or has a label that the set has not.</exception>
    public ImageDataSet Load(IReadOnlyList<string> paths, Device device, int? limit)
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
        var labels = records.select(1, layout.LabelAt).to(ScalarType.Int64);
        var images = records.narrow(1, layout.LabelBytes, CifarLayout.PixelBytes).reshape(-1, 3, CifarLayout.SizePx, CifarLayout.SizePx).contiguous();
        return new ImageDataSet(layout.Name, layout.ClassNames.Count, ContentHasher.Hash(images, labels), images.to(device), labels.to(device),
            layout.ClassNames);
    }

    private int CountRecords(string path)
    {
        var length = Read(path, file => file.Length);
        if (length == 0 || length % layout.RecordBytes != 0)
            throw new UserErrorException($"'{path}' is {length} bytes, which is not a whole number of {layout.Title} records of "
                + $"{layout.RecordBytes} bytes: truncated or another format. {FetchAgain}");
        return length <= layout.AllBytes ? (int)(length / layout.RecordBytes) : throw new UserErrorException(
            $"'{path}' is {length} bytes; all of {layout.Title} has {layout.AllBytes}. {FetchAgain}");
    }

    /// <returns>uint8 [count, record bytes].</returns>
    private Tensor ReadRecords(string path, int count)
    {
        var bytes = Read(path, file =>
        {
            var records = new byte[count * layout.RecordBytes];
            file.ReadExactly(records);
            return records;
        });
        for (var record = 0; record < count; record++)
            if (bytes[(record * layout.RecordBytes) + layout.LabelAt] is var label && label >= layout.ClassNames.Count)
                throw new UserErrorException($"'{path}', record {record}: label {label}; {layout.Title} has 0 to {layout.ClassNames.Count - 1}. "
                    + $"The file is damaged or of another format ({layout.OtherTitle} is not this one). {FetchAgain}");
        return tensor(bytes).reshape(-1, layout.RecordBytes);
    }

    private static T Read<T>(string path, Func<FileStream, T> read)
    {
        try
        {
            using var file = RegularFile.OpenRead(path);
            return read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"'{path}' cannot be read: {e.Message.TrimEnd('.')}. Check that it may be read and that no other program writes to it.", e);
        }
    }
}
