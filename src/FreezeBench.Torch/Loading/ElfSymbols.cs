using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Text;

namespace FreezeBench.Torch.Loading;

/// <summary>The symbols of an ELF file that nobody exports: those for debuggers (<c>.symtab</c>), where the file still has them.</summary>
/// <remarks>
/// The file is mapped and not read: libtorch's has 461 MB, of which this needs the 80 with symbols and names. Layout: System V
/// ABI, "Sections" and "Symbol Table".
/// </remarks>
internal static unsafe class ElfSymbols
{
    private const uint Symbols = 2;
    private const int FileHeaderSize = 64, SectionHeaderSize = 64, SymbolSize = 24;

    /// <summary>Finds symbols by their names.</summary>
    /// <param name="path">A 64-bit little-endian ELF file.</param>
    /// <param name="names">As compilers write them.</param>
    /// <returns>Address in the file's own count and size in bytes of those that there are.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or no such ELF file.</exception>
    internal static IReadOnlyDictionary<string, ElfSymbol> Find(string path, params IReadOnlyList<string> names)
    {
        // The length of the content: of a link FileInfo tells the link's.
        using var stream = File.OpenRead(path);
        using var file = MemoryMappedFile.CreateFromFile(stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        using var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            // The view ends with a page, the file before.
            return Find(new ElfBytes(start, stream.Length), names);
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private static Dictionary<string, ElfSymbol> Find(ElfBytes file, IReadOnlyList<string> names)
    {
        Dictionary<string, ElfSymbol> found = [];
        var head = file.Slice(0, FileHeaderSize);
        if (!head[..4].SequenceEqual("\u007fELF"u8) || head[4] != 2 || head[5] != 1)
            throw new InvalidDataException("it is not a 64-bit little-endian ELF file");
        var table = U64(head[40..]);
        var sections = file.Slice(table, SectionHeaderSize * (ulong)BinaryPrimitives.ReadUInt16LittleEndian(head[60..]));
        for (var at = 0; at < sections.Length; at += SectionHeaderSize)
        {
            var section = sections.Slice(at, SectionHeaderSize);
            if (U32(section[4..]) != Symbols)
                continue;
            var namesAt = SectionHeaderSize * (long)U32(section[40..]);
            if (namesAt > sections.Length - SectionHeaderSize)
                throw new InvalidDataException("it names a string table that it does not have");
            var strings = sections.Slice((int)namesAt, SectionHeaderSize);
            Collect(file.Slice(U64(section[24..]), U64(section[32..])), file.Slice(U64(strings[24..]), U64(strings[32..])), names, found);
        }
        return found;
    }

    private static void Collect(ReadOnlySpan<byte> symbols, ReadOnlySpan<byte> strings, IReadOnlyList<string> names, Dictionary<string, ElfSymbol> found)
    {
        byte[][] wanted = [.. names.Select(name => Encoding.ASCII.GetBytes(name + "\0"))];
        for (var at = 0; at + SymbolSize <= symbols.Length; at += SymbolSize)
        {
            var name = U32(symbols[at..]);
            if (name >= strings.Length)
                throw new InvalidDataException("a name lies outside its string table");
            var rest = strings[(int)name..];
            for (var index = 0; index < wanted.Length; index++)
                if (rest.StartsWith(wanted[index]))
                    found[names[index]] = new(U64(symbols[(at + 8)..]), U64(symbols[(at + 16)..]));
        }
    }

    private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static ulong U64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    private readonly struct ElfBytes(byte* start, long length)
    {
        public ReadOnlySpan<byte> Slice(ulong offset, ulong size) =>
            size <= int.MaxValue && offset <= (ulong)length && size <= (ulong)length - offset
                ? new(start + offset, (int)size)
                : throw new InvalidDataException("it is truncated: a section lies beyond its end");
    }
}

/// <summary>A symbol of an ELF file.</summary>
/// <param name="Address">Counted as in the file: the same distance from another symbol's as in memory.</param>
/// <param name="Size">In bytes; 0: not stated.</param>
internal readonly record struct ElfSymbol(ulong Address, ulong Size);
