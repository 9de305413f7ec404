using System.Text;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Zip;

/// <summary>A record of a zip archive, as the archive's list describes it.</summary>
/// <param name="Name">Full name with the archive's root; only compared, never used as a path.</param>
/// <param name="Header">First byte of the record's own header.</param>
/// <param name="Bytes">Size of the content as it lies there.</param>
/// <param name="Checksum">CRC-32 of the content.</param>
/// <param name="RawName">The name as it is stored.</param>
internal sealed record ZipRecord(string Name, ulong Header, ulong Bytes, uint Checksum, ReadOnlyMemory<byte> RawName)
{
    /// <summary>How the content is packed; 0: as it is.</summary>
    public ushort Method { get; private init; }

    /// <summary>Size of what it would unpack to.</summary>
    public ulong UnpackedBytes { get; private init; } = Bytes;

    private const uint ListSignature = 0x02014b50;
    private const uint HeaderSignature = 0x04034b50;
    private const ushort EncryptedFlag = 1;
    private const ushort SizesFollowFlag = 8;
    private const ushort Zip64Field = 1;

    /// <summary>Reads one line of the list (APPNOTE 4.3.12).</summary>
    /// <exception cref="WeightsFaultException">It is damaged, or the record is encrypted.</exception>
    public static ZipRecord FromList(ByteCursor list)
    {
        if (list.ReadUInt32() != ListSignature)
            throw new WeightsFaultException("the zip archive's list of records is damaged.");
        list.Take(2 + 2);   // versions
        var (flags, method) = (list.ReadUInt16(), list.ReadUInt16());
        list.Take(2 + 2);   // time and date
        var checksum = list.ReadUInt32();
        ulong packed = list.ReadUInt32(), bytes = list.ReadUInt32();
        var (nameBytes, extraBytes, commentBytes) = (list.ReadUInt16(), list.ReadUInt16(), list.ReadUInt16());
        list.Take(2 + 2 + 4);   // disk and attributes
        ulong header = list.ReadUInt32();
        var rawName = list.Take(nameBytes);
        var name = Encoding.UTF8.GetString(rawName.Span);
        ReadZip64(new ByteCursor(list.Take(extraBytes), $"the zip entry of {Shown.Name(name)}"), ref bytes, ref packed, ref header);
        list.Take(commentBytes);
        if ((flags & EncryptedFlag) != 0)
            throw new WeightsFaultException($"record {Shown.Name(name)} is encrypted.");
        return new ZipRecord(name, header, packed, checksum, rawName) { Method = method, UnpackedBytes = bytes };
    }

    /// <exception cref="WeightsFaultException">
    /// It is compressed. PyTorch compresses the code of TorchScript programs alone, and a compressed record could unpack to a thousand times its size.
    /// </exception>
    public void ThrowIfCompressed()
    {
        if (Method != 0 || UnpackedBytes != Bytes)
            throw new WeightsFaultException($"record {Shown.Name(Name)} is compressed (method {Method}, {Bytes} bytes "
                + $"for {UnpackedBytes}); PyTorch stores records as they are. Load and save the file again with PyTorch.");
    }

    /// <summary>The place of the content, from the record's own header (APPNOTE 4.3.7), which must agree with the list.</summary>
    /// <param name="file">All bytes of the file.</param>
    /// <param name="limit">Where the list begins: no content lies there.</param>
    /// <exception cref="WeightsFaultException">The header is damaged, contradicts the list, or the content does not fit.</exception>
    public Range Locate(ReadOnlyMemory<byte> file, ulong limit)
    {
        if (Header > limit)
            throw new WeightsFaultException($"record {Shown.Name(Name)} begins at byte {Header}, outside the archive's content.");
        var cursor = new ByteCursor(file[(int)Header..(int)limit], $"record {Shown.Name(Name)}");
        if (cursor.ReadUInt32() != HeaderSignature)
            throw new WeightsFaultException($"record {Shown.Name(Name)} has no header at byte {Header}; the file is damaged.");
        cursor.Take(2);
        var (flags, method) = (cursor.ReadUInt16(), cursor.ReadUInt16());
        cursor.Take(2 + 2 + 4);     // time, date, checksum
        ulong packed = cursor.ReadUInt32(), bytes = cursor.ReadUInt32();
        var (nameBytes, extraBytes) = (cursor.ReadUInt16(), cursor.ReadUInt16());
        var rawName = cursor.Take(nameBytes);
        var extra = cursor.Take(extraBytes);
        // A writer that streams knows the sizes only afterwards and leaves them 0 here.
        var sizesFollow = (flags & SizesFollowFlag) != 0 && packed == 0 && bytes == 0;
        if (!sizesFollow)
        {
            var unused = 0UL;
            ReadZip64(new ByteCursor(extra, $"record {Shown.Name(Name)}"), ref bytes, ref packed, ref unused);
        }
        if (!rawName.Span.SequenceEqual(RawName.Span) || method != Method || (!sizesFollow && (packed != Bytes || bytes != UnpackedBytes)))
            throw new WeightsFaultException($"record {Shown.Name(Name)} is described differently in its header and in "
                + "the archive's list.");
        var start = (int)Header + cursor.Position;
        cursor.Take(Bytes);
        return start..((int)Header + cursor.Position);
    }

    // Values that do not fit 32 bits stand in an extra field, in this order, each only if needed (APPNOTE 4.5.3). Other
    // extra fields are skipped; PyTorch pads with one so that the content is aligned to 64 bytes.
    private static void ReadZip64(ByteCursor extra, ref ulong bytes, ref ulong packed, ref ulong header)
    {
        while (extra.Left >= 4)
        {
            var kind = extra.ReadUInt16();
            var content = extra.Take(extra.ReadUInt16());
            if (kind != Zip64Field) continue;
            var field = new ByteCursor(content, extra.What);
            if (bytes == uint.MaxValue) bytes = field.ReadUInt64();
            if (packed == uint.MaxValue) packed = field.ReadUInt64();
            if (header == uint.MaxValue) header = field.ReadUInt64();
            return;
        }
    }
}
