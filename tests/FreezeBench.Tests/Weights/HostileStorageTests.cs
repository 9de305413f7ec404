using FreezeBench.Weights.Files;
using Xunit;

namespace FreezeBench.Tests.Weights;

/// <summary>Tensors and storages that lie about their sizes and places, in both of PyTorch's formats.</summary>
public class HostileStorageTests
{
    private const long Huge = long.MaxValue;

    [Theory]
    [InlineData(0, new long[] { 5 }, new long[] { 1 }, "ends outside its storage of 4 elements")]
    [InlineData(1, new long[] { 4 }, new long[] { 1 }, "ends outside its storage of 4 elements")]
    [InlineData(4, new long[] { }, new long[] { }, "ends outside its storage of 4 elements")]
    [InlineData(0, new long[] { 2, 2 }, new long[] { 3, 1 }, "ends outside its storage of 4 elements")]
    [InlineData(Huge, new long[] { 1 }, new long[] { 1 }, "ends outside its storage of 4 elements")]
    [InlineData(0, new long[] { 2, 2 }, new long[] { Huge, Huge }, "ends outside its storage of 4 elements")]
    [InlineData(Huge, new long[] { 2, 2 }, new long[] { Huge, Huge }, "ends outside its storage of 4 elements")]
    [InlineData(-1, new long[] { 2 }, new long[] { 1 }, "the negative offset or stride -1")]
    [InlineData(3, new long[] { 2 }, new long[] { -1 }, "the negative offset or stride -1")]
    [InlineData(long.MinValue, new long[] { 2 }, new long[] { 1 }, "the negative offset or stride")]
    [InlineData(0, new long[] { -4 }, new long[] { 1 }, "the negative size -4")]
    [InlineData(0, new long[] { -2, -2 }, new long[] { 2, 1 }, "the negative size -2")]
    [InlineData(0, new long[] { 2, 2 }, new long[] { 1 }, "has 1 strides")]
    [InlineData(0, new long[] { 2 }, new long[] { 1, 1 }, "has 2 strides")]
    [InlineData(0, new long[] { 5 }, new long[] { 0 }, "more elements than its storage (4); expanded tensors are not read")]
    [InlineData(0, new long[] { 1L << 40 }, new long[] { 0 }, "more elements than its storage")]
    [InlineData(0, new long[] { 3, 3 }, new long[] { 1, 0 }, "more elements than its storage")]
    [InlineData(0, new long[] { 1L << 32, 1L << 32 }, new long[] { 0, 0 }, "larger than any memory")]
    [InlineData(0, new long[] { Huge, Huge, Huge }, new long[] { 0, 0, 0 }, "larger than any memory")]
    [InlineData(0, new long[] { 0, Huge }, new long[] { 1, 1 }, "larger than any memory")]
    public void LayoutOutsideTheStorage_IsRefused(long offset, long[] shape, long[] strides, string reason)
    {
        var pickle = PickleBuilder.Dict(p => p.Tensor("0", 4, offset, shape, strides));
        Assert.Contains(reason, Refusal.Of(new ZipBuilder().AddStateDict(pickle, ("0", new byte[16])).End()));
        Assert.Contains(reason, Refusal.Of(LegacyBuilder.File(pickle, ("0", 4, new byte[16]))));
    }

    [Fact]
    public void TooManyDimensions_AreRefused()
    {
        var ones = Enumerable.Repeat(1L, 65).ToArray();
        var pickle = PickleBuilder.Dict(p => p.Tensor("0", 4, 0, ones, ones));
        Assert.Contains("65 dimensions; torch has at most 64", Refusal.Of(LegacyBuilder.File(pickle, ("0", 4, new byte[16]))));
    }

    [Theory]
    [InlineData(-1, "claims -1 elements")]
    [InlineData(long.MinValue, "claims -9223372036854775808 elements")]
    [InlineData(Huge, "claims 9223372036854775807 elements")]
    [InlineData(1L << 31, "claims 2147483648 elements")]
    [InlineData(int.MaxValue, "data.pkl claims 8589934588", "it has 4 elements|has 4 elements; its tensors claim 2147483647")]
    [InlineData(3, "is 16 bytes; data.pkl claims 12", "has 4 elements; its tensors claim 3")]
    public void StorageThatLies_IsRefused(long count, string reason, string? legacyReason = null)
    {
        var pickle = PickleBuilder.Dict(p => p.Tensor("0", count, 0, [2], [1]));
        Assert.Contains(reason, Refusal.Of(new ZipBuilder().AddStateDict(pickle, ("0", new byte[16])).End()));
        Assert.Contains((legacyReason ?? reason).Split('|')[^1], Refusal.Of(LegacyBuilder.File(pickle, ("0", 4, new byte[16]))));
    }

    [Fact]
    public void LegacyStorage_TruncatedOrMissingOrTooMany_IsRefused()
    {
        var pickle = PickleBuilder.Dict(p => p.Tensor("a", 4, 0, [4], [1]));
        Assert.Contains("16 bytes are needed at byte", Refusal.Of(LegacyBuilder.File(pickle, ("a", 4, new byte[15]))));
        Assert.Contains("1 bytes follow after the last storage", Refusal.Of(LegacyBuilder.File(pickle, ("a", 4, new byte[17]))));
        Assert.Equal("1 of its 1 storages are missing.", Refusal.Of(LegacyBuilder.File(pickle)));
        Assert.Equal("its list of storages names one that no tensor has.", Refusal.Of(LegacyBuilder.File(pickle, ("b", 4, new byte[16]))));
        Assert.Equal("storage 'a' occurs twice.", Refusal.Of(LegacyBuilder.File(pickle, ("a", 4, new byte[16]), ("a", 4, new byte[16]))));
        Assert.Contains("storage 'a' has -1 elements", Refusal.Of(LegacyBuilder.File(pickle, ("a", -1, new byte[16]))));
    }

    [Fact]
    public void StorageDescribedTwice_MustBeTheSame()
    {
        var pickle = new PickleBuilder().Op('}').Text("v").Tensor("0", 4, 0, [4], [1]).Op('s')
            .Text("w").Tensor("0", 2, 0, [2], [1], "torch.DoubleStorage").Op('s').End();
        Assert.Equal("storage '0' is described twice, and differently.", Refusal.Of(LegacyBuilder.File(pickle, ("0", 4, new byte[16]))));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("0/../1")]
    [InlineData("")]
    public void StorageKey_IsNeverAPath(string key)
    {
        var pickle = PickleBuilder.Dict(p => p.Tensor(key, 4, 0, [4], [1]));
        Assert.Equal($"the record 'r/data/{key}' is missing.", Refusal.Of(new ZipBuilder().AddStateDict(pickle, ("0", new byte[16])).End()));
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(-1, 2)]
    [InlineData(0, -1)]
    [InlineData(Huge, Huge)]
    public void LegacyViewOutsideItsStorage_IsRefused(long start, long length)
    {
        var pickle = PickleBuilder.Dict(p => View(p, start, length));
        Assert.Contains("outside its 4 elements", Refusal.Of(LegacyBuilder.File(pickle, ("0", 4, new byte[16]))));
    }

    [Fact]
    public void ManyEntriesOnOneStorage_CostNoCopies()
    {
        var pickle = new PickleBuilder().Op('}');
        for (var entry = 0; entry < 1000; entry++)
            pickle.Text($"w{entry}").Tensor("0", 250_000, 0, [250_000], [1]).Op('s');
        var file = new ZipBuilder().AddStateDict(pickle.End(), ("0", new byte[1_000_000])).End();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(1000, StateDictFile.Parse("x", file).Entries.Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * file.Length);
    }

    [Fact]
    public void LegacyView_ReadsItsPart()
    {
        var pickle = PickleBuilder.Dict(p => View(p, start: 1, length: 3));
        var entry = StateDictFile.Parse("x", LegacyBuilder.File(pickle, ("0", 4, [.. Enumerable.Range(0, 16).Select(i => (byte)i)]))).Entries.Single();
        Assert.Equal([8, 9, 10, 11, 12, 13, 14, 15], entry.ToBytes());
    }

    /// <summary>A tensor of the last two elements of a storage that is itself a part of another.</summary>
    private static void View(PickleBuilder pickle, long start, long length) => pickle.Global("torch._utils", "_rebuild_tensor").Op('(')
        .Storage("torch.FloatStorage", "0", 4, view => view.Op('(').Text("view").Number(start).Number(length).Op('t'))
        .Number(1).Numbers(2).Numbers(1).Op('t').Op('R');
}
