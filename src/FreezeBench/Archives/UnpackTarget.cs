using FreezeBench.Results;

namespace FreezeBench.Archives;

/// <summary>The folder that an archive is unpacked into: it lets no entry out, and counts.</summary>
/// <param name="root">Absolute path of an empty folder.</param>
/// <param name="limits">The most that may come.</param>
internal sealed class UnpackTarget(string root, ArchiveLimits limits)
{
    private const int BufferBytes = 1 << 17;

    private int entries;
    private long bytes;

    /// <summary>Counts an entry, whatever it is.</summary>
    public void Count()
    {
        if (++entries > limits.Entries)
            throw new ArchiveFaultException($"it has more than {limits.Entries} entries; the data set has fewer");
    }

    public void Folder(string name) => Directory.CreateDirectory(PathOf(name));

    /// <summary>Writes a file; a name that is there already is refused.</summary>
    /// <returns>Bytes written.</returns>
    public long File(string name, Stream content, CancellationToken stop)
    {
        var path = PathOf(name);
        if (path == root || name.EndsWith('/'))
            throw new ArchiveFaultException($"the entry {Shown(name)} is a file with the name of a folder");
        if (System.IO.File.Exists(path))
            throw new ArchiveFaultException($"the entry {Shown(name)} occurs twice");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var buffer = new byte[BufferBytes];
        while (Read(content, buffer, name) is var read and > 0)
        {
            stop.ThrowIfCancellationRequested();
            if ((bytes += read) > limits.Bytes)
                throw new ArchiveFaultException($"at the entry {Shown(name)} it has grown to more than {limits.Bytes} bytes; the data set is smaller");
            file.Write(buffer, 0, read);
        }
        return file.Length;
    }

    /// <summary>A name out of an archive, safe for a terminal, which acts on control characters.</summary>
    public static string Shown(string name) => $"'{ForeignText.Shown(name)}'";

    private static int Read(Stream content, byte[] buffer, string name)
    {
        try
        {
            return content.Read(buffer);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw new ArchiveFaultException($"the entry {Shown(name)} is damaged or cut off: {e.Message.TrimEnd('.')}", e);
        }
    }

    // A backslash and a colon are separators on Windows, so an archive with them means something else there than here.
    private string PathOf(string name)
    {
        if (name == "" || name.StartsWith('/') || name.Any(character => char.IsControl(character) || character is '\\' or ':'))
            throw new ArchiveFaultException($"the entry {Shown(name)} has a name that is no path inside a folder");
        var parts = name.TrimEnd('/').Split('/');
        if (parts.Any(part => part is ".." or "" || part.EndsWith(' ') || (part.EndsWith('.') && part != ".")))
            throw new ArchiveFaultException($"the entry {Shown(name)} leads out of the folder or has a name that not every system can keep");
        return Path.Combine([root, .. parts.Where(part => part != ".")]);
    }
}
