using System.IO.Compression;
using Xunit;

namespace FreezeBench.Tests.Weights;

/// <summary>Zip archives whose fields lie.</summary>
public class HostileZipTests
{
    private static readonly byte[] content = new byte[16];
    private static readonly byte[] pickle = PickleBuilder.Dict(p => p.Tensor("0", 4, 0, [4], [1]));

    [Theory]
    [InlineData(17)]
    [InlineData(1_000_000)]
    [InlineData(uint.MaxValue - 1L)]
    [InlineData(15)]
    public void SizeThatLies_IsRefused(long claimed)
    {
        Assert.Contains("described differently in its header", Refusal.Of(Start().Add("r/data/0", content, listBytes: claimed).End()));
        Assert.Contains("described differently in its header", Refusal.Of(Start().Add("r/data/0", content, headerBytes: claimed).End()));
    }

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void SizeThatLiesTwice_DoesNotFit(long claimed) => Assert.Contains("bytes are needed at byte",
        Refusal.Of(Start().Add("r/data/0", content, listBytes: claimed, headerBytes: claimed, zip64: true).End()));

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void PlaceThatLies_IsRefused(long claimed) =>
        Assert.Contains("outside the archive's content", Refusal.Of(Start().Add("r/data/0", content, zip64: true, headerPlace: claimed).End()));

    [Fact]
    public void PlaceWithoutHeader_IsRefused()
    {
        Assert.Contains("has no header at byte 1;", Refusal.Of(new ZipBuilder().Add("r/data.pkl", pickle, headerPlace: 1).End()));
        Assert.Contains("described differently", Refusal.Of(new ZipBuilder().Add("r/data.pkl", pickle, headerName: "r/data.pkx").End()));
    }

    [Fact]
    public void PlaceOfAnotherRecord_Overlaps()
    {
        Assert.Contains("overlaps another one", Refusal.Of(Start().Add("r/data/0", content, headerPlace: 0).End()));
        Assert.Contains("overlaps another one", Refusal.Of(Start().Add("r/data/0", content, headerPlace: 1).End()));
    }

    [Fact]
    public void ManyRecordsOnOneHeader_CostNothing()
    {
        // A header with a name of 60 kB, and 5,000 lines of the list that all claim it.
        var zip = new ZipBuilder().Add("r/data.pkl", pickle, headerName: new string('x', 60_000));
        for (var record = 0; record < 5000; record++)
            zip.Add($"r/{record}", [], headerPlace: 0);
        var file = zip.End();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("described differently", Refusal.Of(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 * file.Length);
    }

    [Fact]
    public void RecordInsideAnother_Overlaps()
    {
        // The second record is the content of the first: two names for one place, with a header each.
        var inner = new ZipBuilder().Add("r/data/1", content).End()[..(30 + 8 + 16)];
        var zip = Start();
        zip.Add("r/data/0", inner);
        var start = zip.End().AsSpan().LastIndexOf(inner);
        var outer = Start().Add("r/data/0", inner).Add("r/data/1", content, headerPlace: start);
        Assert.Contains("overlaps another one", Refusal.Of(outer.End()));
    }

    [Fact]
    public void DuplicateName_IsRefused() => Assert.Equal(
        "the zip archive holds the record 'r/data/0' twice.", Refusal.Of(Start().Add("r/data/0", content).Add("r/data/0", content).End()));

    [Fact]
    public void CompressedRecord_IsRefused_NotUnpacked()
    {
        // 10 MB of zeros in 10 kB, as a real deflating writer packs it.
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        using (var entry = archive.CreateEntry("r/data.pkl").Open())
            entry.Write(new byte[10_000_000]);
        var file = stream.ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.StartsWith("record 'r/data.pkl' is compressed (method 8,", Refusal.Of(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void EncryptedRecord_IsRefused() => Assert.Equal("record 'r/data/0' is encrypted.", Refusal.Of(Start().Add("r/data/0", content, flags: 1).End()));

    [Fact]
    public void WrongChecksum_IsRefused() =>
        Assert.StartsWith("the checksum of record 'r/data/0' differs;", Refusal.Of(Start().Add("r/data/0", content, checksum: 1).Add("r/version", "3"u8.ToArray()).End()));

    [Theory]
    [InlineData(1_000_000)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void ListOutsideTheFile_IsRefused(long start) => Assert.Contains("lies outside the file", Refusal.Of(Start().End(directoryStart: start)));

    [Theory]
    [InlineData(60_000)]
    [InlineData(-1)]
    public void NumberOfRecordsThatLies_IsRefused(long records) => Assert.Contains("records in a list of", Refusal.Of(Start().End(records: records)));

    [Fact]
    public void MoreRecordsThanANetworkHasEntries_AreRefused_BeforeTheyAreTakenIn()
    {
        var zip = Start();
        for (var record = 0; record < 20_001; record++)
            zip.Add($"r/data/{record}", []);
        var file = zip.End();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("no network has more than 20000 entries", Refusal.Of(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void EndRecordsThatDiffer_AreRefused() => Assert.Equal(
        "the zip archive's two end records contradict each other.", Refusal.Of(Start().End(records: 0x1_0001)));

    [Fact]
    public void MoreInTheListThanCounted_IsRefused() => Assert.Contains("bytes too many", Refusal.Of(Start().Add("r/data/0", content).End(records: 1)));

    [Fact]
    public void TruncatedArchive_SaysSo() => Assert.Equal(
        "it begins as a zip archive and does not end as one; it is truncated or damaged.", Refusal.Of(Start().Add("r/data/0", content).End()[..^1]));

    [Fact]
    public void ArchiveOfSomethingElse_IsNamed()
    {
        Assert.Equal("it is a zip archive without 'word/data.pkl', so PyTorch did not write it.", Refusal.Of(new ZipBuilder().Add("word/document.xml", content).End()));
        Assert.StartsWith("it is a TorchScript program", Refusal.Of(Start().Add("r/constants.pkl", content).End()));
        Assert.Equal("the version record is missing.", Refusal.Of(Start().End()));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("11")]
    [InlineData("-3")]
    [InlineData("three")]
    public void VersionThatIsNotRead_IsNamed(string version) => Assert.Equal(
        $"the version record says '{version}'; 1 to 10 are read.", Refusal.Of(Start().Add("r/version", System.Text.Encoding.ASCII.GetBytes(version)).End()));

    [Fact]
    public void ByteOrderThatIsNeither_IsNamed() => Assert.StartsWith(
        "the byteorder record says 'middle'", Refusal.Of(Start().Add("r/version", "3\n"u8.ToArray()).Add("r/byteorder", "middle"u8.ToArray()).End()));

    [Theory]
    [InlineData("../../r")]
    [InlineData("/r")]
    [InlineData("..\\r")]
    public void PathLikeRoot_IsOnlyAName(string root)
    {
        // The root ends at the first slash, so the record is looked for under '..' or '' and not found.
        var zip = new ZipBuilder().Add($"{root}/data.pkl", pickle).Add($"{root}/data/0", content).Add($"{root}/version", "3"u8.ToArray());
        if (root.Contains('/', StringComparison.Ordinal))
            Assert.Contains("so PyTorch did not write it", Refusal.Of(zip.End()));
        else
            Assert.Single(FreezeBench.Weights.Files.StateDictFile.Parse("x", zip.End()).Entries);
    }

    private static ZipBuilder Start() => new ZipBuilder().Add("r/data.pkl", pickle);
}
