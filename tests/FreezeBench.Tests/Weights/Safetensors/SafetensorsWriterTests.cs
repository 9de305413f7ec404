using FreezeBench.Kernels;
using FreezeBench.Tests.Networks;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Loading;
using FreezeBench.Weights.Safetensors;
using FreezeBench.Weights.Tensors;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Weights.Safetensors;

public sealed class SafetensorsWriterTests : IDisposable
{
    private readonly Temporary folder = new();

    private string Path => folder.PathOf("a.safetensors");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void EveryType_Shape_AndMetadata_ComeBack()
    {
        using var scope = NewDisposeScope();
        var values = ElementType.All.Select(type => KeyValuePair.Create($"of {type}", arange(6).to(type.ScalarType).reshape(2, 3)))
            .Append(KeyValuePair.Create("a number, \"quoted\"", tensor(3.5f)))
            .Append(KeyValuePair.Create("nothing", zeros(0, 4)))
            .Append(KeyValuePair.Create("channels last", MemoryFormat.ChannelsLast.ApplyTo(rand(2, 3, 4, 5)))).ToList();
        SafetensorsWriter.Write(Path, values, new Dictionary<string, string> { ["who"] = "ü", ["empty"] = "" });

        var file = StateDictFile.Read(Path);
        Assert.Equal(StateDictFormat.Safetensors, file.Format);
        Assert.Equal([("empty", ""), ("who", "ü")], file.Metadata.Select(item => (item.Key, item.Value)).Order());
        Assert.Equal(values.Select(value => value.Key), file.Entries.Select(entry => entry.Name));
        Assert.All(values.Zip(file.Entries), pair =>
        {
            Assert.Equal(pair.First.Value.shape, pair.Second.Shape);
            Assert.Equal(pair.First.Value.dtype, pair.Second.Type.ScalarType);
            Assert.Equal(pair.First.Value.contiguous().bytes.ToArray(), pair.Second.ToBytes());
        });
    }

    /// <summary>Among them one whose size begins with the byte that pickles begin with.</summary>
    [Fact]
    public void HeadersOfAnySize_AreRead()
    {
        using var one = ones(1);
        HashSet<byte> firstBytes = [];
        for (var length = 1; length <= 256; length += 8)
        {
            SafetensorsWriter.Write(Path, [KeyValuePair.Create("a", one)], new Dictionary<string, string> { ["filler"] = new('x', length) });
            firstBytes.Add(File.ReadAllBytes(Path)[0]);
            Assert.Equal(length, StateDictFile.Read(Path).Metadata["filler"].Length);
        }
        Assert.Contains((byte)0x80, firstBytes);
    }

    [Fact]
    public void Failure_LeavesTheOldFileAndNoOther()
    {
        using var one = ones(1);
        using var flag = zeros(1, ScalarType.Bool);
        SafetensorsWriter.Write(Path, [KeyValuePair.Create("a", one)], new Dictionary<string, string>());
        var old = File.ReadAllBytes(Path);
        Assert.Throws<ArgumentException>(() => SafetensorsWriter.Write(Path, [KeyValuePair.Create("a", one), KeyValuePair.Create("b", flag)], new Dictionary<string, string>()));
        Assert.Equal(old, File.ReadAllBytes(Path));
        Assert.Equal([Path], Directory.EnumerateFileSystemEntries(folder.Folder));
    }

    [Fact]
    public void Hash_IsOfBitsAndNames_NotOfTheMemoryFormat()
    {
        using var network = Thin.Network();
        using var same = Thin.Network();
        MemoryFormat.ChannelsLast.ApplyTo(same);
        var expected = StateDictHash.Sha256(network);
        Assert.Equal(64, expected.Length);
        Assert.Equal(expected, StateDictHash.Sha256(same));
        using (no_grad())
            same.get_parameter("fc.bias")![0] = 0.123456f;
        Assert.NotEqual(expected, StateDictHash.Sha256(same));
        using var counted = Thin.Network();
        counted.get_buffer("bn1.num_batches_tracked")!.add_(1).Dispose();
        Assert.NotEqual(expected, StateDictHash.Sha256(counted));
    }
}
