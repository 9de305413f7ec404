using System.Buffers.Binary;

namespace FreezeBench.Archives;

/// <summary>The end of a gzip file: CRC-32 and length of what was packed, four bytes each (RFC 1952, 2.3.1).</summary>
/// <remarks>.NET's reader checks the CRC where the footer is there, and says nothing where it is not: a file that was cut off
/// near its end reads like a whole one. The length tells; a cut file passes once in 2^32.</remarks>
internal static class GzipFooter
{
    private const int LengthBytes = 4;

    /// <summary>Whether a file ends with the length that was unpacked from it (modulo 2^32).</summary>
    /// <param name="file">The gzip file; its position is changed.</param>
    /// <param name="unpackedBytes">All bytes that came out of it.</param>
    public static bool Fits(FileStream file, long unpackedBytes)
    {
        if (file.Length < LengthBytes)
            return false;
        file.Position = file.Length - LengthBytes;
        Span<byte> length = stackalloc byte[LengthBytes];
        file.ReadExactly(length);
        return BinaryPrimitives.ReadUInt32LittleEndian(length) == unchecked((uint)unpackedBytes);
    }
}
