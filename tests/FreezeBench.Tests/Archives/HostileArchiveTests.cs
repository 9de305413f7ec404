using System.Formats.Tar;
using System.Text;
using FreezeBench.Archives;
using Xunit;

namespace FreezeBench.Tests.Archives;

/// <summary>Archives that want out of their folder, or want the whole disk.</summary>
public class HostileArchiveTests
{
    private static readonly byte[] some = [1, 2, 3];

    public static TheoryData<string> NamesThatLeaveTheFolder { get; } = new(
        "../a", "top/../../a", "top/..", "..", "/etc/a", "//a", "top//a", "C:/a", "C:a", "..\\a", "top\\a", "a:stream", "a\u001b[2J", "a.", "a ", "a/. /b");

    [Theory]
    // A long name and attributes, which their reader keeps in memory: in octal, and in base 256 up to more than any disk.
    [InlineData('L', "77777777777")]
    [InlineData('K', "77777777777")]
    [InlineData('x', "10000000000")]
    [InlineData('g', "00000100000")]
    [InlineData('L', "\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff")]
    [InlineData('x', "\xbf\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")]
    [InlineData('x', "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")]
    [InlineData('0', "77777777777")]
    [InlineData('0', "00000303241")]
    [InlineData('0', "\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff")]
    [InlineData('2', "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")]
    public void TarHeader_ThatClaimsMoreThanThereIs_IsRefused_BeforeMemoryIsTaken(char kind, string size)
    {
        using var archive = new MadeArchive(MadeArchive.Gzip([.. Header(kind, Encoding.Latin1.GetBytes(size)), .. new byte[1024]]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("a header claims ", archive.Refusal(), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
    }

    [Fact]
    public void TarAttribute_ThatClaimsAnotherSize_IsRefused()
    {
        var attribute = "25 size=9999999999999999\n"u8.ToArray();
        byte[] tar = [.. Header('x', Encoding.ASCII.GetBytes(Convert.ToString(attribute.Length, 8).PadLeft(11, '0'))), .. attribute, .. new byte[512 - attribute.Length], .. Header('0', "00000000003"u8.ToArray()), .. new byte[1536]];
        using var archive = new MadeArchive(MadeArchive.Gzip(tar));
        Assert.Contains("states its size in an attribute", archive.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(700)]
    public void GzipOfTwoMembers_IsUnpacked_AndRefusedWhereItsEndIsMissing(int cut)
    {
        var tar = MadeArchive.TarBytes(MadeArchive.TarFile("one", some), MadeArchive.TarFile("two", [.. Enumerable.Range(0, 3000).Select(n => (byte)(n * 7))]));
        byte[] packed = [.. MadeArchive.Gzip(tar[..cut]), .. MadeArchive.Gzip(tar[cut..])];
        using var archive = new MadeArchive(packed);
        archive.Unpack();
        Assert.Equal(some, archive.Unpacked()["one"]);
        foreach (var missing in new[] { 1, 4, 8 })
        {
            using var damaged = new MadeArchive(packed[..^missing]);
            damaged.Refusal();
        }
    }

    private static byte[] Header(char kind, byte[] size)
    {
        var header = new byte[512];
        "file"u8.CopyTo(header);
        Encoding.ASCII.GetBytes("0000644\0" + "0000000\0" + "0000000\0", header.AsSpan(100));
        size.CopyTo(header, 124);
        "00000000000\0        "u8.CopyTo(header.AsSpan(136));
        header[156] = (byte)kind;
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        Encoding.ASCII.GetBytes(Convert.ToString(header.Sum(value => (int)value), 8).PadLeft(6, '0') + "\0 ").CopyTo(header, 148);
        return header;
    }

    [Theory]
    [MemberData(nameof(NamesThatLeaveTheFolder))]
    public void TarEntry_StaysInTheFolder(string name)
    {
        using var archive = MadeArchive.Tar(MadeArchive.TarFile("fine", some), MadeArchive.TarFile(name, some));
        Assert.StartsWith($"the entry {UnpackTarget.Shown(name)} ", archive.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(NamesThatLeaveTheFolder))]
    public void ZipEntry_StaysInTheFolder(string name)
    {
        using var archive = MadeArchive.Zip(("fine", some, 0), (name, some, 0));
        Assert.StartsWith($"the entry {UnpackTarget.Shown(name)} ", archive.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../out")]
    [InlineData("/out")]
    public void Folder_StaysInTheFolder(string name)
    {
        using var tar = MadeArchive.Tar(MadeArchive.TarFolder(name));
        using var zip = MadeArchive.Zip((name + "/", [], 0));
        Assert.StartsWith($"the entry '{name}", tar.Refusal(), StringComparison.Ordinal);
        Assert.StartsWith($"the entry '{name}", zip.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.Fifo)]
    [InlineData(TarEntryType.BlockDevice)]
    [InlineData(TarEntryType.CharacterDevice)]
    public void TarEntryThatIsNoFile_IsRefused(TarEntryType type)
    {
        var entry = new PaxTarEntry(type, "top/odd");
        if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            entry.LinkName = "fine";
        using var archive = MadeArchive.Tar(MadeArchive.TarFile("fine", some), entry);
        Assert.Equal($"the entry 'top/odd' is of type {type}; only files and folders are unpacked", archive.Refusal());
    }

    [Theory]
    [InlineData("odd", 0xA1FF)]
    [InlineData("odd", 0x21B6)]
    [InlineData("odd", 0x61B6)]
    [InlineData("odd", 0x11B6)]
    [InlineData("odd", 0x41ED)]
    [InlineData("odd/", 0xA1FF)]
    public void ZipEntryThatIsNoFile_IsRefused(string name, int mode)
    {
        using var archive = MadeArchive.Zip(("fine", some, 0), (name, name.EndsWith('/') ? [] : some, mode << 16));
        Assert.Equal($"the entry '{name}' is a link or device; only files and folders are unpacked", archive.Refusal());
    }

    [Fact]
    public void NameThatOccursTwice_IsRefused()
    {
        using var tar = MadeArchive.Tar(MadeArchive.TarFile("a", some), MadeArchive.TarFile("./a", some));
        using var zip = MadeArchive.Zip(("a", some, 0), ("a", some, 0));
        Assert.Equal("the entry './a' occurs twice", tar.Refusal());
        Assert.Equal("the entry 'a' occurs twice", zip.Refusal());
    }

    [Fact]
    public void TooManyEntries_AreRefused()
    {
        using var tar = MadeArchive.Tar(Enumerable.Range(0, 21).Select(index => MadeArchive.TarFolder($"f{index}")));
        using var zip = MadeArchive.Zip(Enumerable.Range(0, 21).Select(index => ($"f{index}", some, 0)));
        Assert.Equal("it has more than 20 entries; the data set has fewer", tar.Refusal());
        Assert.Equal("it has more than 20 entries; the data set has fewer", zip.Refusal());
    }

    [Fact]
    public void TooManyBytes_AreRefused_AllFilesTogether()
    {
        var half = new byte[50_001];
        using var tar = MadeArchive.Tar(MadeArchive.TarFile("a", half), MadeArchive.TarFile("b", half));
        using var zip = MadeArchive.Zip(("a", half, 0), ("b", half, 0));
        Assert.Equal("at the entry 'b' it has grown to more than 100000 bytes; the data set is smaller", tar.Refusal());
        Assert.Equal("at the entry 'b' it has grown to more than 100000 bytes; the data set is smaller", zip.Refusal());
    }

    [Fact]
    public void ExactlyTheLimit_IsUnpacked()
    {
        using var tar = MadeArchive.Tar(Enumerable.Range(0, 20).Select(index => MadeArchive.TarFile($"f{index}", new byte[5000])));
        tar.Unpack();
        Assert.Equal(100_000, tar.Unpacked().Values.Sum(content => content.Length));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(90_001)]
    [InlineData(2_000_000_000)]
    public void ZipWhoseListLiesAboutSizes_IsCountedByWhatComes(int claimed)
    {
        var bytes = MadeArchive.ZipBytes(("a", new byte[90_000], 0), ("b", new byte[90_000], 0));
        var list = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        BitConverter.TryWriteBytes(bytes.AsSpan(list + 24), claimed);
        using var archive = new MadeArchive(bytes);
        if (claimed > 90_000)
            Assert.Equal($"the entry 'a' is damaged or cut off: 90000 bytes came, its list states {claimed}", archive.Refusal());
        else
            AssertUnpackedOrRefused(archive);
    }

    [Theory]
    [InlineData(100_000_000L)]
    [InlineData(8_000_000_000L)]
    public void TarHeaderThatClaimsMoreThanThereIs_IsRefused(long size)
    {
        using var archive = new MadeArchive(MadeArchive.Gzip(WithSize(MadeArchive.TarBytes(V7("a", some)), size)));
        Assert.NotEmpty(archive.Refusal());
    }

    [Fact]
    public void GigabytesOfZeros_InAFewBytes_AreNotUnpacked()
    {
        // 64 MB of end marks after the last entry: no entry grows, only the stream does.
        var zeros = new byte[(64 << 20) + 1024];
        MadeArchive.TarBytes(MadeArchive.TarFile("a", some)).CopyTo(zeros, 0);
        using var archive = new MadeArchive(MadeArchive.Gzip(zeros));
        Assert.StartsWith("it unpacks to more than ", archive.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void EncryptedZip_IsRefused()
    {
        var bytes = MadeArchive.ZipBytes(("a", some, 0));
        bytes[6] |= 1;
        bytes[bytes.AsSpan().IndexOf("PK\u0001\u0002"u8) + 8] |= 1;
        using var archive = new MadeArchive(bytes);
        Assert.Equal("the entry 'a' is encrypted", archive.Refusal());
    }

    [Fact]
    public void MutatedArchives_AreUnpackedOrRefused_NeverMore()
    {
        // Every byte of the headers in turn, with the tar checksum mended: whatever the reader meets, one message comes out.
        var tar = MadeArchive.TarBytes(V7("top/a", some), V7("b", some));
        for (var place = 0; place < 345; place++)
            foreach (var value in new byte[] { 0x37, 0xff })
            {
                var changed = (byte[])tar.Clone();
                changed[place] = value;
                using var archive = new MadeArchive(MadeArchive.Gzip(Mended(changed)));
                AssertUnpackedOrRefused(archive);
            }
        var zip = MadeArchive.ZipBytes(("top/a", some, 0), ("b", some, 0));
        for (var place = 0; place < zip.Length; place++)
            foreach (var value in new byte[] { 0, 0xff })
            {
                var changed = (byte[])zip.Clone();
                changed[place] = value;
                using var archive = new MadeArchive(changed);
                AssertUnpackedOrRefused(archive);
            }
    }

    private static void AssertUnpackedOrRefused(MadeArchive archive)
    {
        if (Record.Exception(() => archive.Unpack()) is { } error)
            Assert.IsType<Results.UserErrorException>(error);
        Assert.All(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(archive.Path)!),
            entry => Assert.True(entry == archive.Path || entry == archive.Target, entry));
        if (Directory.Exists(archive.Target))
            Assert.InRange(archive.Unpacked().Values.Sum(content => content.Length), 0, MadeArchive.Limits.Bytes);
    }

    private static V7TarEntry V7(string name, byte[] content) => new(TarEntryType.V7RegularFile, name) { DataStream = new MemoryStream(content) };

    /// <summary>Another size in the first header (offset 124, 12 octal digits).</summary>
    private static byte[] WithSize(byte[] tar, long size)
    {
        Encoding.ASCII.GetBytes(Convert.ToString(size, 8).PadLeft(11, '0')).CopyTo(tar, 124);
        return Mended(tar);
    }

    /// <summary>The first header's checksum (offset 148): the sum of its bytes, with the checksum itself as blanks.</summary>
    private static byte[] Mended(byte[] tar)
    {
        tar.AsSpan(148, 8).Fill((byte)' ');
        var sum = tar.Take(512).Sum(value => value);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(tar, 148);
        return tar;
    }
}
