using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;

namespace FreezeBench.Tests.Weights;

/// <summary>Writes zip archives byte by byte, so that each field can lie.</summary>
internal sealed class ZipBuilder
{
    private readonly List<byte> file = [];
    private readonly List<byte> list = [];
    private long count;

    /// <summary>Ends the archive as PyTorch's writer does, which always adds the zip64 records.</summary>
    public bool Zip64End { get; init; } = true;

    public string Comment { get; init; } = "";

    /// <param name="name">Full name.</param>
    /// <param name="content">As it is stored.</param>
    /// <param name="method">0: stored.</param>
    /// <param name="flags">Bit 0: encrypted; bit 3: sizes follow.</param>
    /// <param name="listBytes">What the list claims as the size; null: the truth.</param>
    /// <param name="headerBytes">What the record's own header claims.</param>
    /// <param name="zip64">Sizes and place in zip64 fields.</param>
    /// <param name="headerName">The name in the record's own header.</param>
    /// <param name="headerPlace">What the list claims as the place.</param>
    /// <param name="checksum">What the list claims as CRC-32.</param>
    public ZipBuilder Add(string name, byte[] content, ushort method = 0, ushort flags = 0, long? listBytes = null,
        long? headerBytes = null, bool zip64 = false, string? headerName = null, long? headerPlace = null, uint? checksum = null)
    {
        var place = headerPlace ?? file.Count;
        var crc = checksum ?? Crc32.HashToUInt32(content);
        var ownName = Encoding.UTF8.GetBytes(headerName ?? name);
        var ownExtra = zip64 ? Zip64Field(headerBytes ?? content.Length, headerBytes ?? content.Length) : [];
        Write(file, 0x04034b50, 4, 45, 2, flags, 2, method, 2, 0, 4, crc, 4,
            zip64 ? uint.MaxValue : headerBytes ?? content.Length, 4, zip64 ? uint.MaxValue : headerBytes ?? content.Length, 4,
            ownName.Length, 2, ownExtra.Length, 2);
        file.AddRange([.. ownName, .. ownExtra, .. content]);
        var listName = Encoding.UTF8.GetBytes(name);
        var size = listBytes ?? content.Length;
        var listExtra = zip64 ? Zip64Field(size, size, place) : [];
        Write(list, 0x02014b50, 4, 45, 2, 45, 2, flags, 2, method, 2, 0, 4, crc, 4, zip64 ? uint.MaxValue : size, 4, zip64 ? uint.MaxValue : size, 4,
            listName.Length, 2, listExtra.Length, 2, 0, 2, 0, 2, 0, 2, 0, 4, zip64 ? uint.MaxValue : place, 4);
        list.AddRange([.. listName, .. listExtra]);
        count++;
        return this;
    }

    /// <summary>Adds data.pkl, version and the storages data/KEY of an archive named r.</summary>
    public ZipBuilder AddStateDict(byte[] pickle, params (string Key, byte[] Content)[] storages)
    {
        Add("r/data.pkl", pickle);
        foreach (var (key, content) in storages) Add($"r/data/{key}", content);
        return Add("r/version", "3\n"u8.ToArray());
    }

    /// <param name="directoryStart">What the end record claims as the place of the list; null: the truth.</param>
    /// <param name="records">What it claims as the number of records.</param>
    public byte[] End(long? directoryStart = null, long? records = null)
    {
        var (start, number) = (directoryStart ?? file.Count, records ?? count);
        file.AddRange(list);
        var zip64 = file.Count;
        if (Zip64End)
        {
            Write(file, 0x06064b50, 4, 44, 8, 45, 2, 45, 2, 0, 4, 0, 4, number, 8, number, 8, list.Count, 8, start, 8);
            Write(file, 0x07064b50, 4, 0, 4, zip64, 8, 1, 4);
        }
        Write(file, 0x06054b50, 4, 0, 2, 0, 2, number, 2, number, 2, list.Count, 4, start, 4, Comment.Length, 2);
        file.AddRange(Encoding.ASCII.GetBytes(Comment));
        return [.. file];
    }

    private static byte[] Zip64Field(params long[] values)
    {
        List<byte> field = [];
        Write(field, 1, 2, values.Length * 8, 2);
        foreach (var value in values) Write(field, value, 8);
        return [.. field];
    }

    /// <summary>Pairs of a value and its size in bytes.</summary>
    private static void Write(List<byte> target, params long[] valuesAndSizes)
    {
        Span<byte> octets = stackalloc byte[8];
        for (var item = 0; item < valuesAndSizes.Length; item += 2)
        {
            BinaryPrimitives.WriteInt64LittleEndian(octets, valuesAndSizes[item]);
            target.AddRange(octets[..(int)valuesAndSizes[item + 1]]);
        }
    }
}
