using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace FreezeBench.Torch.Loading;

/// <summary>What other libraries an ELF file asks the system's loader for (DT_NEEDED).</summary>
/// <remarks>
/// Of the file no more is read than its headers and its dynamic section: libtorch_cuda has 2 GB. Layout: System V ABI, "Sections"
/// and "Dynamic Section".
/// </remarks>
internal static class ElfNeeds
{
    private const uint DynamicSection = 6;
    private const ulong Needed = 1;
    private const int FileHeaderSize = 64, SectionHeaderSize = 64, EntrySize = 16;

    // A dynamic section has some dozens of entries of 16 bytes, and a file some dozens of sections.
    private const ulong MostBytes = 1 << 20;

    /// <summary>The names, in the file's order.</summary>
    /// <param name="path">A 64-bit little-endian ELF file.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or no such ELF file.</exception>
    internal static IReadOnlyList<string> Of(string path)
    {
        using var file = File.OpenHandle(path);
        var head = Read(file, 0, FileHeaderSize);
        if (!head.AsSpan(0, 4).SequenceEqual("\u007fELF"u8) || head[4] != 2 || head[5] != 1)
            throw new InvalidDataException("it is not a 64-bit little-endian ELF file");
        var sections = Read(file, U64(head, 40), SectionHeaderSize * (ulong)BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(60)));
        List<string> names = [];
        for (var at = 0; at < sections.Length; at += SectionHeaderSize)
        {
            if (U32(sections, at + 4) != DynamicSection)
                continue;
            var entries = Read(file, U64(sections, at + 24), U64(sections, at + 32));
            var namesAt = SectionHeaderSize * (long)U32(sections, at + 40);
            if (namesAt > sections.Length - SectionHeaderSize)
                throw new InvalidDataException("it names a string table that it does not have");
            var strings = (Offset: U64(sections, (int)namesAt + 24), Size: U64(sections, (int)namesAt + 32));
            for (var entry = 0; entry + EntrySize <= entries.Length; entry += EntrySize)
                if (U64(entries, entry) == Needed)
                    names.Add(Name(file, strings.Offset, strings.Size, U64(entries, entry + 8)));
        }
        return names;
    }

    private static string Name(SafeFileHandle file, ulong strings, ulong size, ulong offset)
    {
        const ulong Longest = 256;
        if (offset >= size)
            throw new InvalidDataException("a name lies outside its string table");
        var bytes = Read(file, strings + offset, Math.Min(Longest, size - offset));
        var end = Array.IndexOf(bytes, (byte)0);
        return end >= 0 ? Encoding.UTF8.GetString(bytes, 0, end) : throw new InvalidDataException("a name of a library has no end");
    }

    private static byte[] Read(SafeFileHandle file, ulong offset, ulong size)
    {
        var length = (ulong)RandomAccess.GetLength(file);
        if (size > MostBytes || offset > length || size > length - offset)
            throw new InvalidDataException("it is truncated: a part lies beyond its end");
        var bytes = new byte[size];
        for (var read = 0; read < bytes.Length;)
        {
            var count = RandomAccess.Read(file, bytes.AsSpan(read), (long)offset + read);
            if (count == 0)
                throw new InvalidDataException("it is truncated: a part lies beyond its end");
            read += count;
        }
        return bytes;
    }

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static ulong U64(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
}
