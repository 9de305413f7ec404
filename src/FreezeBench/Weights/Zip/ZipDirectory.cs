using System.Buffers.Binary;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Zip;

/// <summary>Where a zip archive's list of records lies (APPNOTE 4.3.14 to 4.3.16, with and without zip64).</summary>
/// <param name="Start">First byte of the list.</param>
/// <param name="Bytes">Size of the list.</param>
/// <param name="Count">Number of records.</param>
internal sealed record ZipDirectory(ulong Start, ulong Bytes, ulong Count)
{
    private const uint EndSignature = 0x06054b50;
    private const uint Zip64EndSignature = 0x06064b50;
    private const uint Zip64LocatorSignature = 0x07064b50;
    private const int EndBytes = 22;
    private const int Zip64EndBytes = 56;
    private const int Zip64LocatorBytes = 20;
    private const int LongestComment = ushort.MaxValue;

    /// <summary>Finds the list from the end of the file.</summary>
    /// <exception cref="WeightsFaultException">There is none, or it does not lie inside the file.</exception>
    public static ZipDirectory Find(ReadOnlyMemory<byte> file)
    {
        var end = FindEnd(file.Span);
        var cursor = new ByteCursor(file[(end + 4)..], "the zip archive's end record");
        var (disk, firstDisk, onDisk, count) = (cursor.ReadUInt16(), cursor.ReadUInt16(), cursor.ReadUInt16(), cursor.ReadUInt16());
        var directory = new ZipDirectory(Bytes: cursor.ReadUInt32(), Start: cursor.ReadUInt32(), Count: count);
        var limit = end;
        if (HasZip64Locator(file.Span, end))
        {
            limit = end - Zip64LocatorBytes;
            directory = FindZip64(file, limit, directory);
        }
        else if (disk != 0 || firstDisk != 0 || onDisk != count)
        {
            throw new WeightsFaultException("the zip archive is split over several files.");
        }
        if (directory.Bytes > (ulong)limit || directory.Start > (ulong)limit - directory.Bytes)
            throw new WeightsFaultException($"the zip archive's list of records ({directory.Bytes} bytes at "
                + $"{directory.Start}) lies outside the file of {file.Length} bytes; the file is truncated or damaged.");
        return directory;
    }

    private static int FindEnd(ReadOnlySpan<byte> file)
    {
        var lowest = Math.Max(0, file.Length - EndBytes - LongestComment);
        for (var place = file.Length - EndBytes; place >= lowest; place--)
            // The comment must end the file: the signature can also occur inside a weight.
            if (BinaryPrimitives.ReadUInt32LittleEndian(file[place..]) == EndSignature
                && BinaryPrimitives.ReadUInt16LittleEndian(file[(place + EndBytes - 2)..]) == file.Length - place - EndBytes)
                return place;
        throw new WeightsFaultException("it begins as a zip archive and does not end as one; it is truncated or damaged.");
    }

    private static bool HasZip64Locator(ReadOnlySpan<byte> file, int end) => end >= Zip64LocatorBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(file[(end - Zip64LocatorBytes)..]) == Zip64LocatorSignature;

    private static ZipDirectory FindZip64(ReadOnlyMemory<byte> file, int locator, ZipDirectory small)
    {
        var cursor = new ByteCursor(file.Slice(locator + 4, Zip64LocatorBytes - 4), "the zip archive's zip64 locator");
        cursor.ReadUInt32();
        var place = cursor.ReadUInt64();
        if (place > (ulong)locator || (ulong)locator - place < Zip64EndBytes)
            throw new WeightsFaultException($"the zip archive's zip64 end record at byte {place} lies outside the file; "
                + "the file is truncated or damaged.");
        cursor = new ByteCursor(file[(int)place..locator], "the zip archive's zip64 end record");
        if (cursor.ReadUInt32() != Zip64EndSignature)
            throw new WeightsFaultException("the zip archive's zip64 end record is damaged.");
        cursor.Take(8 + 2 + 2);     // its own size, two versions
        var split = cursor.ReadUInt32() != 0 | cursor.ReadUInt32() != 0;
        var (onDisk, count) = (cursor.ReadUInt64(), cursor.ReadUInt64());
        var large = new ZipDirectory(Bytes: cursor.ReadUInt64(), Start: cursor.ReadUInt64(), Count: count);
        // Two lists in one archive: which one is read would depend on the reader.
        if (split || onDisk != count || Differs(small.Count, large.Count, ushort.MaxValue)
            || Differs(small.Bytes, large.Bytes, uint.MaxValue) || Differs(small.Start, large.Start, uint.MaxValue))
            throw new WeightsFaultException("the zip archive's two end records contradict each other.");
        return large;
    }

    private static bool Differs(ulong small, ulong large, ulong meansLarge) => small != meansLarge && small != large;
}
