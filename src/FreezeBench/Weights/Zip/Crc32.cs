namespace FreezeBench.Weights.Zip;

/// <summary>The checksum of zip records: CRC-32 of ISO 3309 (polynomial 0xEDB88320, reflected), as in APPNOTE 4.4.7.</summary>
internal static class Crc32
{
    private static readonly uint[] table = Build();

    public static uint Compute(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        // Four tables, four bytes at a time: three times the speed of one, which matters for 100 MB.
        for (; data.Length >= 4; data = data[4..])
        {
            crc ^= System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(data);
            crc = table[768 + (byte)crc] ^ table[512 + (byte)(crc >> 8)] ^ table[256 + (byte)(crc >> 16)] ^ table[crc >> 24];
        }
        foreach (var octet in data)
            crc = (crc >> 8) ^ table[(byte)(crc ^ octet)];
        return ~crc;
    }

    private static uint[] Build()
    {
        var built = new uint[4 * 256];
        for (var octet = 0U; octet < 256; octet++)
        {
            var crc = octet;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
            built[octet] = crc;
        }
        for (var index = 256; index < built.Length; index++)
            built[index] = (built[index - 256] >> 8) ^ built[(byte)built[index - 256]];
        return built;
    }
}
