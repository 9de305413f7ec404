using System.Formats.Tar;
using System.IO.Compression;

namespace FreezeBench.Archives;

/// <summary>Unpacks a tar file that is compressed with gzip.</summary>
internal static class TarArchive
{
    // Header, padding and extended attributes of one entry; what real archives have is under 4 KB.
    private const long MostBytesBesideEachFile = 1 << 14;

    public static void Unpack(FileStream archive, UnpackTarget target, ArchiveLimits limits, CancellationToken stop)
    {
        using var gzip = new GZipStream(archive, CompressionMode.Decompress, leaveOpen: true);
        using var bounded = new BoundedStream(gzip, limits.Bytes + ((limits.Entries + 1) * MostBytesBesideEachFile));
        using var claims = new TarClaims(bounded, limits.Bytes, MostBytesBesideEachFile);
        using (var reader = new TarReader(claims, leaveOpen: true))
            while (Next(reader) is { } entry)
            {
                stop.ThrowIfCancellationRequested();
                target.Count();
                switch (entry.EntryType)
                {
                    case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                        target.File(entry.Name, entry.DataStream ?? Stream.Null, stop);
                        break;
                    case TarEntryType.Directory:
                        target.Folder(entry.Name);
                        break;
                    case TarEntryType.GlobalExtendedAttributes:
                        break;      // Comments, such as a commit id.
                    default:
                        throw new ArchiveFaultException($"the entry {UnpackTarget.Shown(entry.Name)} is of type {entry.EntryType}; "
                            + "only files and folders are unpacked");
                }
            }
        // The reader stops at the end mark. What follows is padding, and gzip's own checksum, which is only looked at here.
        var rest = new byte[1 << 14];
        while (bounded.Read(rest) > 0)
            stop.ThrowIfCancellationRequested();
        if (!GzipFooter.Fits(archive, bounded.Taken))
            throw new ArchiveFaultException("it is damaged or cut off: its gzip data do not end with the length of what they unpack to");
    }

    // The reader lets whatever a damaged header leads to out as it is: a number that does not fit, a date that does not exist.
    private static TarEntry? Next(TarReader reader)
    {
        try
        {
            return reader.GetNextEntry();
        }
        catch (Exception e) when (e is ArithmeticException or ArgumentException or FormatException or NotSupportedException)
        {
            throw new ArchiveFaultException($"it is damaged: {e.Message.TrimEnd('.')}", e);
        }
    }
}
