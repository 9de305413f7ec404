using System.Formats.Tar;
using System.IO.Compression;
using FreezeBench.Archives;
using FreezeBench.Results;
using Xunit;

namespace FreezeBench.Tests.Archives;

/// <summary>A folder with an archive that was made for the test, and the place that it is unpacked to.</summary>
internal sealed class MadeArchive : IDisposable
{
    internal static readonly ArchiveLimits Limits = new(Entries: 20, Bytes: 100_000);

    private readonly Temporary temporary = new();

    internal MadeArchive(byte[] content) => File.WriteAllBytes(Path, content);

    internal string Path => temporary.PathOf("a.archive");

    internal string Target => temporary.PathOf("out");

    internal static MadeArchive Tar(params IEnumerable<TarEntry> entries) => new(Gzip(TarBytes(entries)));

    internal static MadeArchive Zip(params IEnumerable<(string Name, byte[] Content, int Attributes)> entries) => new(ZipBytes(entries));

    internal static byte[] TarBytes(params IEnumerable<TarEntry> entries)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
            foreach (var entry in entries)
                writer.WriteEntry(entry);
        return bytes.ToArray();
    }

    internal static byte[] ZipBytes(params IEnumerable<(string Name, byte[] Content, int Attributes)> entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content, attributes) in entries)
            {
                var entry = zip.CreateEntry(name);
                entry.ExternalAttributes = attributes;
                using var stream = entry.Open();
                stream.Write(content);
            }
        return bytes.ToArray();
    }

    internal static byte[] Gzip(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(content);
        return bytes.ToArray();
    }

    internal static PaxTarEntry TarFile(string name, byte[] content) => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) };

    internal static PaxTarEntry TarFolder(string name) => new(TarEntryType.Directory, name);

    internal void Unpack(ArchiveLimits? limits = null) => ArchiveFile.Unpack(Path, Target, limits ?? Limits, TestContext.Current.CancellationToken);

    /// <summary>The refusal's reason; nothing of the archive is anywhere.</summary>
    internal string Refusal(ArchiveLimits? limits = null)
    {
        var message = Assert.Throws<UserErrorException>(() => Unpack(limits)).Message;
        Assert.Equal([Path], Directory.EnumerateFileSystemEntries(temporary.Folder));
        Assert.StartsWith($"The archive '{Path}' is not unpacked: ", message, StringComparison.Ordinal);
        Assert.EndsWith(". Fetch it again, or unpack it yourself if you know what it holds and give the folder.", message, StringComparison.Ordinal);
        return message[$"The archive '{Path}' is not unpacked: ".Length..message.IndexOf(". Fetch it again", StringComparison.Ordinal)];
    }

    /// <summary>Relative paths and contents of all files.</summary>
    internal Dictionary<string, byte[]> Unpacked() => Directory.EnumerateFiles(Target, "*", SearchOption.AllDirectories)
        .ToDictionary(file => System.IO.Path.GetRelativePath(Target, file).Replace('\\', '/'), File.ReadAllBytes);

    public void Dispose() => temporary.Dispose();
}
