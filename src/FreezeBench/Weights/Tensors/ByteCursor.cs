using System.Buffers.Binary;

namespace FreezeBench.Weights.Tensors;

/// <summary>Reads little-endian values one after the other; the end of the data is a fault with a place, not a crash.</summary>
/// <param name="data">What is read; it is not copied.</param>
/// <param name="what">The name of the data in a fault, for example "data.pkl".</param>
internal sealed class ByteCursor(ReadOnlyMemory<byte> data, string what)
{
    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes not yet read.</summary>
    public int Left => data.Length - Position;

    /// <summary>The name of the data in a fault.</summary>
    public string What => what;

    public byte ReadByte() => Take(1).Span[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2).Span);

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4).Span);

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span);

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8).Span);

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8).Span);

    public double ReadDoubleBigEndian() => BinaryPrimitives.ReadDoubleBigEndian(Take(8).Span);

    /// <summary>The next bytes, not copied. Nothing is allocated for a count that the file only claims.</summary>
    /// <exception cref="WeightsFaultException">Fewer are left.</exception>
    public ReadOnlyMemory<byte> Take(ulong count)
    {
        if (count > (ulong)Left)
            throw new WeightsFaultException($"{what} is truncated or damaged: {count} bytes are needed at byte "
                + $"{Position}, {Left} are left.");
        var taken = data.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    /// <summary>The bytes before the next line feed, which is skipped.</summary>
    /// <exception cref="WeightsFaultException">There is no line feed.</exception>
    public ReadOnlyMemory<byte> TakeLine()
    {
        var length = data.Span[Position..].IndexOf((byte)'\n');
        if (length < 0)
            throw new WeightsFaultException($"{what} is truncated or damaged: no line end after byte {Position}.");
        var line = Take((ulong)length);
        Position++;
        return line;
    }
}
