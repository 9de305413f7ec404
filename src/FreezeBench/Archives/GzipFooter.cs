using System.Buffers.Binary;
using System.IO.Compression;

namespace FreezeBench.Archives;

/// <summary>The end of a gzip file: CRC-32 and length of what was packed, four bytes each (RFC 1952, 2.3.1).</summary>
/// <remarks>.NET's reader checks the CRC where the footer is there, and says nothing where it is not: a file that was cut off
/// near its end reads like a whole one. The length tells; a cut file passes once in 2^32.</remarks>
internal static class GzipFooter
{
    private const int LengthBytes = 4;

    // What a member begins with, and what it has at least: header, a block, footer.
    private static ReadOnlySpan<byte> Magic => [0x1f, 0x8b, 8];
    private const int ShortestMember = 20;
    private const int MostTried = 32;

    /// <summary>Whether a file ends with the length that was unpacked from it (modulo 2^32), or from the last of the members that it consists of.</summary>
    /// <param name="file">The gzip file; its position is changed.</param>
    /// <param name="unpackedBytes">All bytes that came out of it.</param>
    public static bool Fits(FileStream file, long unpackedBytes)
    {
        if (file.Length < LengthBytes)
            return false;
        file.Position = file.Length - LengthBytes;
        Span<byte> bytes = stackalloc byte[LengthBytes];
        file.ReadExactly(bytes);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return length == unchecked((uint)unpackedBytes) || LastMembers(file).Take(MostTried).Any(start => UnpackedLength(file, start, unpackedBytes) is { } last && unchecked((uint)last) == length);
    }

    // Several members behind each other are one file (RFC 1952, 2.2). Where one begins stands nowhere: the bytes that begin one may occur in another.
    private static IEnumerable<long> LastMembers(FileStream file)
    {
        var block = new byte[1 << 16];
        for (var end = file.Length; end > 0;)
        {
            var start = Math.Max(0, end - block.Length);
            file.Position = start;
            file.ReadExactly(block, 0, (int)(end - start));
            for (var at = (int)(end - start) - Magic.Length; at >= 0; at--)
                if (block.AsSpan(at, Magic.Length).SequenceEqual(Magic) && start + at > 0 && file.Length - start - at >= ShortestMember)
                    yield return start + at;
            // The next block overlaps: a beginning may lie across the border.
            end = start == 0 ? 0 : start + Magic.Length - 1;
        }
    }

    private static long? UnpackedLength(FileStream file, long start, long most)
    {
        file.Position = start;
        try
        {
            using var member = new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
            var buffer = new byte[1 << 16];
            var length = 0L;
            while (length <= most && member.Read(buffer) is var read and > 0)
                length += read;
            return length <= most ? length : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
