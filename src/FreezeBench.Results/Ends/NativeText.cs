using System.Runtime.InteropServices;

namespace FreezeBench.Results.Ends;

/// <summary>A text in memory that was taken before; what does not fit is left out.</summary>
/// <param name="capacity">Bytes.</param>
internal unsafe struct NativeText(int capacity)
{
    private const int MostForeign = 1000;

    private readonly byte* bytes = (byte*)NativeMemory.Alloc((nuint)capacity);
    private int length;

    /// <summary>Where it begins.</summary>
    internal readonly byte* Bytes => bytes;

    internal void Clear() => length = 0;

    internal void Add(byte value)
    {
        if (length < capacity)
            bytes[length++] = value;
    }

    internal void Add(ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
            Add(value);
    }

    internal void Add(long number)
    {
        if (number >= 10)
            Add(number / 10);
        Add((byte)('0' + (number % 10)));
    }

    /// <summary>A text of ours, as it is.</summary>
    internal void AddAll(byte* text)
    {
        for (; *text != 0; text++)
            Add(*text);
    }

    /// <summary>The first line of a text of somebody else's: printable ASCII alone, and nothing that JSON would have escaped.</summary>
    internal void AddForeign(byte* text)
    {
        for (var count = 0; count < MostForeign && *text is not (0 or (byte)'\n'); count++, text++)
            Add(*text switch { < 0x20 or > 0x7E => (byte)'?', (byte)'"' => (byte)'\'', (byte)'\\' => (byte)'/', _ => *text });
    }

    /// <summary>Writes all of it, as far as that goes.</summary>
    internal readonly void WriteTo(int file, in NativeFunctions functions)
    {
        for (var written = 0; written < length;)
        {
            var more = functions.Write(file, bytes + written, length - written);
            if (more <= 0)
                return;
            written += (int)more;
        }
    }
}
