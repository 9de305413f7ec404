using System.IO.Compression;

namespace FreezeBench.Archives;

/// <summary>Unpacks a zip file.</summary>
internal static class ZipFolder
{
    // The upper half of the external attributes is a Unix mode, 0 where the writer had none.
    private const int ModeShift = 16;
    private const int KindMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Folder = 0x4000;

    public static void Unpack(Stream archive, UnpackTarget target, CancellationToken stop)
    {
        using var zip = new ZipArchive(archive, ZipArchiveMode.Read, leaveOpen: true);
        foreach (var entry in zip.Entries)
        {
            stop.ThrowIfCancellationRequested();
            target.Count();
            var isFolder = entry.FullName.EndsWith('/');
            var kind = (entry.ExternalAttributes >> ModeShift) & KindMask;
            if (kind != 0 && kind != (isFolder ? Folder : Regular))
                throw new ArchiveFaultException($"the entry {UnpackTarget.Shown(entry.FullName)} is a link or device; only files and folders are unpacked");
            if (entry.IsEncrypted)
                throw new ArchiveFaultException($"the entry {UnpackTarget.Shown(entry.FullName)} is encrypted");
            if (isFolder)
            {
                target.Folder(entry.FullName);
                continue;
            }
            using var content = entry.Open();
            if (target.File(entry.FullName, content, stop) is var bytes && bytes != entry.Length)
                throw new ArchiveFaultException($"the entry {UnpackTarget.Shown(entry.FullName)} is damaged or cut off: "
                    + $"{bytes} bytes came, its list states {entry.Length}");
        }
    }
}
