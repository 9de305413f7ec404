using System.Text;
using FreezeBench.Results;

namespace FreezeBench.Archives;

/// <summary>
/// Passes a tar file's bytes on and looks at every header before its reader does, which believes a size of exabytes and takes memory for it.
/// </summary>
/// <remarks>
/// Layout: POSIX.1-1988's ustar header with GNU's sizes in base 256, a block of 512 bytes; then the content in whole blocks. What a size may
/// be depends on the kind: names and attributes are kept in memory, files are written as they come.
/// </remarks>
/// <param name="inner">The unpacked tar file; not owned.</param>
/// <param name="mostOfFile">Bytes that a file may claim.</param>
/// <param name="mostBeside">Bytes that names and attributes of an entry may claim.</param>
internal sealed class TarClaims(Stream inner, long mostOfFile, long mostBeside) : ReadOnlyStream
{
    private const int Block = 512, SizeAt = 124, SizeBytes = 12, KindAt = 156;

    private readonly byte[] header = new byte[Block];
    private readonly List<byte> attributes = [];
    private int filled;
    private long content;
    private bool keepsAttributes;
    private bool ended;

    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        Look(buffer[..read]);
        return read;
    }

    private void Look(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && !ended)
        {
            if (content > 0)
            {
                var some = (int)Math.Min(content, bytes.Length);
                if (keepsAttributes)
                    attributes.AddRange(bytes[..some]);
                content -= some;
                bytes = bytes[some..];
                if (content == 0 && keepsAttributes)
                    CheckAttributes();
                continue;
            }
            var rest = Math.Min(Block - filled, bytes.Length);
            bytes[..rest].CopyTo(header.AsSpan(filled));
            filled += rest;
            bytes = bytes[rest..];
            if (filled < Block)
                return;
            filled = 0;
            Claim();
        }
    }

    private void Claim()
    {
        // A block of zeros ends the archive.
        if (!header.AsSpan().ContainsAnyExcept((byte)0))
        {
            ended = true;
            return;
        }
        var size = Size(header.AsSpan(SizeAt, SizeBytes));
        // Attributes of one entry (x), of all (g), a long name (L), a long link (K).
        var isBeside = header[KindAt] is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K';
        if (size < 0 || size > (isBeside ? mostBeside : mostOfFile))
            throw new ArchiveFaultException($"a header claims {(size < 0 ? "a negative number of" : size == long.MaxValue ? "more than any disk has" : size.ToString(System.Globalization.CultureInfo.InvariantCulture))} bytes of {(isBeside ? "names or attributes" : "a file")}; at most {(isBeside ? mostBeside : mostOfFile)} are unpacked");
        keepsAttributes = header[KindAt] is (byte)'x' or (byte)'g';
        attributes.Clear();
        content = (size + Block - 1) / Block * Block;
    }

    // "11 size=1234\n": another size than the header's, which nothing as small as a data set needs.
    private void CheckAttributes()
    {
        foreach (var line in Encoding.UTF8.GetString([.. attributes]).TrimEnd('\0').Split('\n'))
            if (line[(line.IndexOf(' ') + 1)..].StartsWith("size=", StringComparison.Ordinal))
                throw new ArchiveFaultException("an entry states its size in an attribute, as only files of 8 GB and more need");
        attributes.Clear();
    }

    private static long Size(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
            return Base256(field);
        var text = Encoding.ASCII.GetString(field).Trim('\0', ' ');
        long size = 0;
        foreach (var digit in text)
            size = digit is >= '0' and <= '7' ? (size << 3) | (long)(digit - '0')
                : throw new ArchiveFaultException("it is damaged: a header's size is no number");
        return size;
    }

    private static long Base256(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x40) != 0)
            return -1;
        long size = field[0] & 0x3f;
        foreach (var part in field[1..])
        {
            if (size > long.MaxValue >> 8)
                return long.MaxValue;
            size = (size << 8) | part;
        }
        return size;
    }
}
