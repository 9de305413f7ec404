using System.Buffers.Binary;
using System.IO.Compression;
using FreezeBench.Archives;
using FreezeBench.Results;

namespace FreezeBench.Images.Formats;

/// <summary>
/// An IDX file of bytes (LeCun, http://yann.lecun.com/exdb/mnist/, "the IDX file format"): two zero bytes, the element type
/// (8: unsigned byte), the number of dimensions, each dimension as a big-endian 32-bit number, then the items.
/// </summary>
/// <param name="Count">The first dimension.</param>
/// <param name="Bytes">All items, the last dimension fastest.</param>
internal sealed record IdxFile(int Count, byte[] Bytes)
{
    private const byte UnsignedByte = 8;

    // RFC 1951's longest match is 258 bytes and costs two bits at least: deflate packs 1032 bytes into one.
    private const long MostBytesPerPackedByte = 1032;

    /// <summary>Reads a file of unsigned bytes, gzipped or not; the content tells which.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mostItems">The most items that the data set has.</param>
    /// <param name="itemShape">The dimensions after the first.</param>
    /// <exception cref="UserErrorException">It cannot be read, or is not what was expected. Nothing is allocated by what the
    /// header says before it fits the expected shape and the size of the file.</exception>
    public static IdxFile Read(string path, int mostItems, params ReadOnlySpan<int> itemShape)
    {
        var shape = itemShape.ToArray();
        try
        {
            using var file = RegularFile.OpenRead(path);
            var isPacked = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            if (!isPacked)
                return Read(file, file.Length, shape, mostItems, path, isExact: true);
            using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            var items = Read(unpacked, file.Length * MostBytesPerPackedByte, shape, mostItems, path, isExact: false);
            return GzipFooter.Fits(file, HeaderBytes(shape) + items.Bytes.Length) ? items : throw Damaged(path, "its gzip data are cut off");
        }
        catch (EndOfStreamException e)
        {
            throw Damaged(path, "it is cut off", e);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(path, $"its gzip data is damaged or cut off ({e.Message.TrimEnd('.')})", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"'{path}' cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static IdxFile Read(Stream stream, long mostBytes, int[] itemShape, int mostItems, string path, bool isExact)
    {
        var header = new byte[HeaderBytes(itemShape)];
        stream.ReadExactly(header);
        if (header[0] != 0 || header[1] != 0 || header[2] != UnsignedByte || header[3] != 1 + itemShape.Length)
            throw Damaged(path, $"it begins with {Convert.ToHexStringLower(header.AsSpan(0, 4))}, an IDX file of these data with "
                + $"0000{UnsignedByte:x2}{1 + itemShape.Length:x2}");
        uint Dimension(int index) => BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4 + (4 * index)));
        for (var index = 0; index < itemShape.Length; index++)
            if (Dimension(1 + index) != itemShape[index])
                throw Damaged(path, $"its header states {Dimension(1 + index)} where {itemShape[index]} is expected");
        if (Dimension(0) is var count && (count < 1 || count > mostItems))
            throw Damaged(path, $"its header states {count} items; the data set has 1 to {mostItems}");
        var length = itemShape.Aggregate((long)count, (product, dimension) => product * dimension);
        if (isExact ? header.Length + length != mostBytes : header.Length + length > mostBytes)
            throw Damaged(path, $"its header states {count} items, which take {header.Length + length} bytes; the file "
                + (isExact ? $"has {mostBytes}" : "cannot hold that"));
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return stream.ReadByte() < 0 ? new IdxFile((int)count, bytes) : throw Damaged(path, $"it goes on after the {count} items of its header");
    }

    private static int HeaderBytes(int[] itemShape) => 4 + (4 * (1 + itemShape.Length));

    private static UserErrorException Damaged(string path, string what, Exception? inner = null) =>
        new($"'{path}' is not read: {what}. Fetch it again.", inner);
}
