using System.Security.Cryptography;
using FreezeBench.Results;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Tensors;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Weights.Files;

public class StateDictFileTests
{
    public static TheoryData<string> GoldenFiles => [.. WeightsGoldens.Files.Select(file => file.File)];

    [Theory]
    [MemberData(nameof(GoldenFiles))]
    public void FileOfPyTorch_HasItsEntriesInOrder_BitForBit(string name)
    {
        var golden = WeightsGoldens.Files.Single(file => file.File == name);
        var file = StateDictFile.Read(WeightsGoldens.PathOf(name));
        Assert.Equal(golden.Format, file.Format.ToString(), ignoreCase: true);
        Assert.Equal(golden.Sha256, file.Sha256);
        var found = file.Entries.Select(entry => (entry.Name, Type: entry.Type.Name, Shape: Join(entry.Shape), Sha256: Hash(entry)));
        Assert.Equal(WeightsGoldens.Entries(golden.Set).Select(entry => (entry.Name, entry.Type, Join(entry.Shape), entry.Sha256)), found);
    }

    [Fact]
    public void Entry_BecomesATensorOfItsOwnType()
    {
        using var scope = NewDisposeScope();
        foreach (var entry in StateDictFile.Read(WeightsGoldens.PathOf("zip-protocol2-plain.pth")).Entries)
        {
            var made = entry.ToTensor();
            Assert.Equal(entry.Type.ScalarType, made.dtype);
            Assert.Equal(entry.Shape, made.shape);
            Assert.True(made.is_contiguous());
            Assert.False(made.requires_grad);
            Assert.Equal(Convert.ToHexString(entry.ToBytes()), made.numel() == 0 ? "" : Convert.ToHexString(made.bytes));
        }
    }

    [Fact]
    public void SharedStorage_IsNotCopied()
    {
        var bytes = File.ReadAllBytes(WeightsGoldens.PathOf("zip-protocol2-plain.pth"));
        StateDictFile.Parse("warm-up", bytes);
        var before = GC.GetAllocatedBytesForCurrentThread();
        StateDictFile.Parse("measured", bytes);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 60_000);
    }

    [Fact]
    public void MissingFile_IsNamed()
    {
        var error = Assert.Throws<UserErrorException>(() => StateDictFile.Read("no-such-file.pth"));
        Assert.StartsWith("The weights file 'no-such-file.pth' cannot be read: ", error.Message);
    }

    [Fact]
    public void Folder_IsNamed()
    {
        var error = Assert.Throws<UserErrorException>(() => StateDictFile.Read(AppContext.BaseDirectory));
        Assert.Equal($"The weights file '{AppContext.BaseDirectory}' cannot be read: it is a folder. Name the file in it.", error.Message);
    }

    [Theory]
    [InlineData("", "it is empty.")]
    [InlineData("<html>404</html>", "a web page")]
    [InlineData("version https://git-lfs.github.com/spec/v1\n", "git lfs pull")]
    [InlineData("\u001f\u008b\u0008", "unpack it first")]
    [InlineData("hello", "its first bytes (68656c6c6f) are of no known format.")]
    [InlineData("\u0080", "no known format")]
    public void OtherFormats_AreRefusedWithAGuess(string content, string guess) =>
        Assert.Contains(guess, Refusal.Of(System.Text.Encoding.Latin1.GetBytes(content)));

    private static string Join(IEnumerable<long> shape) => string.Join(",", shape);

    private static string Hash(TensorEntry entry) => Convert.ToHexStringLower(SHA256.HashData(entry.ToBytes()));
}
