using System.Globalization;
using System.Text;
using FreezeBench.Weights.Pickle;
using FreezeBench.Weights.Tensors;
using FreezeBench.Weights.Zip;

namespace FreezeBench.Weights.Files;

/// <summary>
/// PyTorch's format since 1.6 (torch/serialization.py, <c>_save</c>; caffe2/serialize/inline_container.h): a zip archive with
/// <c>ROOT/data.pkl</c>, a record <c>ROOT/data/KEY</c> for each storage, and <c>ROOT/version</c>.
/// </summary>
internal static class ZipStateDict
{
    private const int NewestVersion = 10;   // kMaxSupportedFileFormatVersion in caffe2/serialize/versions.h

    /// <param name="file">The whole file.</param>
    /// <param name="key">Of a checkpoint, as in <see cref="NamedTensors.Find"/>.</param>
    public static FileContent Read(ReadOnlyMemory<byte> file, string? key)
    {
        var records = new ZipRecords(file);
        // The root is the name that the file had when it was saved; torch looks at the first record too.
        var root = records.First?.Split('/')[0] ?? throw new WeightsFaultException("the zip archive is empty.");
        if (records.Contains($"{root}/constants.pkl"))
            throw new WeightsFaultException("it is a TorchScript program (torch.jit.save), not a state dict. Load it in PyTorch and save its state: torch.save(torch.jit.load(FILE).state_dict(), OTHER).");
        if (!records.Contains($"{root}/data.pkl"))
            throw new WeightsFaultException($"it is a zip archive without {Shown.Name($"{root}/data.pkl")}, so PyTorch "
                + "did not write it.");
        records.ThrowIfCompressed();
        CheckVersion(records, root);
        var bigEndian = IsBigEndian(records, root);
        return NamedTensors.Find(Unpickler.Read(new ByteCursor(records.Read($"{root}/data.pkl"), "data.pkl")).Value, key)
            .With((name, tensor) => tensor.Entry(name, Storage(records, root, tensor.Storage), bigEndian));
    }

    private static ReadOnlyMemory<byte> Storage(ZipRecords records, string root, StorageReference storage)
    {
        var bytes = records.Read($"{root}/data/{storage.Key}");
        return bytes.Length == storage.Bytes
            ? bytes
            : throw new WeightsFaultException($"the record of storage {Shown.Name(storage.Key)} is {bytes.Length} "
                + $"bytes; data.pkl claims {storage.Bytes}.");
    }

    private static void CheckVersion(ZipRecords records, string root)
    {
        // The record moved to a folder in newer TorchScript archives; both are looked at by torch.
        var name = new[] { $"{root}/version", $"{root}/.data/version" }.FirstOrDefault(records.Contains)
            ?? throw new WeightsFaultException("the version record is missing.");
        var text = Encoding.UTF8.GetString(Short(records.Read(name)).Span).Trim();
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version is < 1 or > NewestVersion)
            throw new WeightsFaultException($"the version record says {Shown.Name(text)}; 1 to {NewestVersion} are read.");
    }

    // PyTorch 2.1 and newer write the order; before, all files are taken to be little-endian.
    private static bool IsBigEndian(ZipRecords records, string root)
    {
        var name = $"{root}/byteorder";
        if (!records.Contains(name)) return false;
        return Encoding.UTF8.GetString(Short(records.Read(name)).Span) switch
        {
            "little" => false,
            "big" => true,
            var other => throw new WeightsFaultException($"the byteorder record says {Shown.Name(other)}; it must be "
                + "little or big."),
        };
    }

    // A word, not a book: the text is decoded and shown.
    private static ReadOnlyMemory<byte> Short(ReadOnlyMemory<byte> record) => record[..Math.Min(record.Length, 64)];
}
