using System.Formats.Tar;
using FreezeBench.Archives;
using FreezeBench.Results;
using FreezeBench.Tests.Downloads;
using Xunit;

namespace FreezeBench.Tests.Archives;

/// <summary>Archives as they should be, and archives that are damaged.</summary>
public class ArchiveFileTests
{
    // Random: what does not shrink is cut where the theory says.
    private static readonly byte[] big = RandomBytes(50_000);

    [Fact]
    public void Tar_IsUnpacked_WithItsFolders()
    {
        using var archive = MadeArchive.Tar(
            new PaxGlobalExtendedAttributesTarEntry(new Dictionary<string, string> { ["comment"] = "made up" }),
            MadeArchive.TarFolder("top/"), MadeArchive.TarFile("./top/a.bin", big), MadeArchive.TarFile("top/deeper/empty", []),
            new V7TarEntry(TarEntryType.V7RegularFile, "b.txt") { DataStream = new MemoryStream([7]) }, MadeArchive.TarFolder("bare"));
        archive.Unpack();

        AssertUnpacked(archive, ("b.txt", [7]), ("top/a.bin", big), ("top/deeper/empty", []));
        Assert.True(Directory.Exists(Path.Combine(archive.Target, "bare")));
    }

    [Fact]
    public void Zip_IsUnpacked_WithItsFolders()
    {
        using var archive = MadeArchive.Zip(("top/", [], 0x41ED << 16), ("top/a.bin", big, 0x81A4 << 16), ("b.txt", [7], 0));
        archive.Unpack();

        AssertUnpacked(archive, ("b.txt", [7]), ("top/a.bin", big));
    }

    [Fact]
    public void Cache_UnpacksOnce_AndTellsArchivesApartByTheirContent()
    {
        using var first = MadeArchive.Tar(MadeArchive.TarFile("a", [1]));
        using var second = MadeArchive.Tar(MadeArchive.TarFile("a", [2]));
        using var cache = new Temporary();
        var progress = new RecordingProgress();
        string Unpack(MadeArchive archive) =>
            ArchiveFile.UnpackToCache(archive.Path, MadeArchive.Limits, progress, cache.Folder, TestContext.Current.CancellationToken);
        var folder = Unpack(first);
        var other = Unpack(second);
        File.WriteAllBytes(Path.Combine(folder, "mark"), []);

        Assert.Equal(folder, Unpack(first));
        Assert.True(File.Exists(Path.Combine(folder, "mark")));
        Assert.Equal([1], File.ReadAllBytes(Path.Combine(folder, "a")));
        Assert.Equal([2], File.ReadAllBytes(Path.Combine(other, "a")));
        Assert.Equal(["Unpacking a.archive (once).", "Unpacking a.archive (once)."], progress.Lines);
    }

    [Fact]
    public void FolderThatAnotherProcessPutThere_IsKept()
    {
        using var archive = MadeArchive.Tar(MadeArchive.TarFile("a", [1]));
        Directory.CreateDirectory(archive.Target);
        File.WriteAllBytes(Path.Combine(archive.Target, "a"), [1]);
        archive.Unpack();

        AssertUnpacked(archive, ("a", [1]));
        Assert.Equal(2, Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(archive.Target)!).Count());
    }

    [Fact]
    public void WhatAKilledUnpackingLeft_GoesWithTheNext_AndNoOther()
    {
        using var archive = MadeArchive.Tar(MadeArchive.TarFile("a", [1]));
        var (dead, young, others) = (Left($"{Guid.NewGuid():N}", 2), Left($"{Guid.NewGuid():N}", 0), Left("notes", 2));
        archive.Unpack();
        Assert.Equal((false, true, true), (Directory.Exists(dead), Directory.Exists(young), Directory.Exists(others)));

        string Left(string end, int days)
        {
            var folder = Directory.CreateDirectory($"{archive.Target}.{end}").FullName;
            File.WriteAllBytes(Path.Combine(folder, "half"), [1]);
            Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddDays(-days));
            return folder;
        }
    }

    // The last 8 bytes are gzip's checksum and length; the tar file itself ends long before.
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(100)]
    [InlineData(20_000)]
    [InlineData(49_000)]
    public void TarThatIsCutOff_IsRefused(int missing)
    {
        var whole = MadeArchive.Gzip(MadeArchive.TarBytes(MadeArchive.TarFolder("top/"), MadeArchive.TarFile("top/a.bin", big)));
        using var archive = new MadeArchive(whole[..^missing]);
        Assert.Contains("damaged or cut off", archive.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(300)]
    public void BeginningOfATar_IsRefused(int length)
    {
        var whole = MadeArchive.Gzip(MadeArchive.TarBytes(MadeArchive.TarFolder("top/"), MadeArchive.TarFile("top/a.bin", big)));
        using var archive = new MadeArchive(whole[..length]);
        Assert.Contains("damaged or cut off", archive.Refusal(), StringComparison.Ordinal);
    }

    // Inside the gzip, which is whole: in the first header, in the data, in the padding after the data.
    [Theory]
    [InlineData(100)]
    [InlineData(3000)]
    [InlineData(40_000)]
    public void TarThatIsCutOffInsideItsGzip_IsRefused(int length)
    {
        using var archive = new MadeArchive(MadeArchive.Gzip(MadeArchive.TarBytes(MadeArchive.TarFile("top/a.bin", big))[..length]));
        Assert.Contains("damaged or cut off", archive.Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(22)]
    [InlineData(60)]
    [InlineData(10_000)]
    public void ZipThatIsCutOff_IsRefused(int missing)
    {
        using var archive = new MadeArchive(MadeArchive.ZipBytes(("top/a.bin", big, 0))[..^missing]);
        Assert.Contains("damaged or cut off", archive.Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void ChangedByte_IsRefused()
    {
        var whole = MadeArchive.Gzip(MadeArchive.TarBytes(MadeArchive.TarFile("top/a.bin", big)));
        foreach (var place in new[] { 600, whole.Length / 2, whole.Length - 6 })
        {
            var changed = (byte[])whole.Clone();
            changed[place] ^= 0x55;
            using var archive = new MadeArchive(changed);
            Assert.NotEmpty(archive.Refusal());
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("P")]
    [InlineData("<html>no such file</html>")]
    public void AnotherFile_IsRefused(string content)
    {
        using var archive = new MadeArchive(System.Text.Encoding.ASCII.GetBytes(content));
        Assert.Equal("it begins like neither a gzip nor a zip file", archive.Refusal());
    }

    [Fact]
    public void MissingArchive_IsNamed()
    {
        using var temporary = new Temporary();
        var message = Assert.Throws<UserErrorException>(() => ArchiveFile.UnpackToCache(temporary.PathOf("gone"), MadeArchive.Limits,
            new RecordingProgress(), temporary.Folder, TestContext.Current.CancellationToken)).Message;
        Assert.StartsWith($"'{temporary.PathOf("gone")}' cannot be read: ", message, StringComparison.Ordinal);
    }

    private static byte[] RandomBytes(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return bytes;
    }

    private static void AssertUnpacked(MadeArchive archive, params IEnumerable<(string Name, byte[] Content)> expected)
    {
        var files = archive.Unpacked();
        Assert.Equal(expected.Select(file => file.Name), files.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, file => Assert.Equal(file.Content, files[file.Name]));
    }
}
