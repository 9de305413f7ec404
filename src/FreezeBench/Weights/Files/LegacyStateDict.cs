using System.Globalization;
using System.Numerics;
using FreezeBench.Weights.Pickle;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Files;

/// <summary>
/// PyTorch's format before 1.6 (torch/serialization.py, <c>_legacy_save</c>): the pickles of a magic number, a protocol
/// version, the writer's machine, the state dict and a list of storage keys; then each storage as an int64 count and its
/// elements, which are little-endian whatever the machine.
/// </summary>
internal static class LegacyStateDict
{
    private const long ProtocolVersion = 1001;

    private static readonly BigInteger magicNumber = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <param name="file">The whole file.</param>
    /// <param name="key">Of a checkpoint, as in <see cref="NamedTensors.Find"/>.</param>
    public static FileContent Read(ReadOnlyMemory<byte> file, string? key)
    {
        var input = new ByteCursor(file, "the file");
        if (Unpickler.Read(input).Value is not BigInteger magic || magic != magicNumber)
            throw new WeightsFaultException("it is a pickle, but not one of PyTorch's. Save model.state_dict() with torch.save.");
        if (Unpickler.Read(input).Value is not ProtocolVersion)
            throw new WeightsFaultException($"its protocol version is not {ProtocolVersion}.");
        Unpickler.Read(input);
        var pickle = Unpickler.Read(input);
        var tensors = NamedTensors.Find(pickle.Value, key);
        var storages = ReadStorages(input, pickle.Storages);
        return tensors.With((name, tensor) => tensor.Entry(name, storages[tensor.Storage.Key]));
    }

    private static Dictionary<string, ReadOnlyMemory<byte>> ReadStorages(
        ByteCursor input, IReadOnlyDictionary<string, StorageReference> expected)
    {
        if (Unpickler.Read(input).Value is not PickleList keys)
            throw new WeightsFaultException("its list of storages is damaged.");
        Dictionary<string, ReadOnlyMemory<byte>> storages = [];
        foreach (var item in keys.Items)
        {
            if (item is not string key || !expected.TryGetValue(key, out var storage))
                throw new WeightsFaultException("its list of storages names one that no tensor has.");
            var count = input.ReadInt64();
            if (count != storage.Count)
                throw new WeightsFaultException($"storage {Shown.Name(key)} has {count} elements; its tensors claim "
                    + $"{storage.Count}.");
            if (!storages.TryAdd(key, input.Take((ulong)storage.Bytes)))
                throw new WeightsFaultException($"storage {Shown.Name(key)} occurs twice.");
        }
        if (storages.Count != expected.Count)
            throw new WeightsFaultException($"{expected.Count - storages.Count} of its {expected.Count} storages are missing.");
        return input.Left == 0
            ? storages
            : throw new WeightsFaultException($"{input.Left} bytes follow after the last storage; the file is damaged "
                + "or holds more than one save.");
    }
}
