using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Text;

namespace FreezeBench.Torch.Loading;

/// <summary>What the loader of a Linux system reads of a library: its name, whom it needs, and the symbols that it gives and asks for.</summary>
/// <remarks>The file is mapped and not read: of libtorch's 461 MB this needs 15. Layout: System V ABI, "Dynamic Section" and "Symbol Table".</remarks>
/// <param name="Machine">The processor it was compiled for (e_machine).</param>
/// <param name="Name">By which others need it (DT_SONAME); null: it has none.</param>
/// <param name="Needed">Names of the libraries that it needs (DT_NEEDED).</param>
/// <param name="Exported">Symbols that it gives to others.</param>
/// <param name="Asked">
/// Symbols that others must have for it to work, without those of a stated version: these are of the C and C++ runtimes, whose versions the
/// system checks itself.
/// </param>
internal sealed record ElfDynamic(int Machine, string? Name, IReadOnlyList<string> Needed, IReadOnlySet<string> Exported, IReadOnlyList<string> Asked)
{
    private const uint DynamicEntries = 6, DynamicSymbols = 11, SymbolVersions = 0x6fffffff;
    private const int FileHeaderSize = 64, SectionHeaderSize = 64, SymbolSize = 24, EntrySize = 16;
    private const ulong NeededEntry = 1, NameEntry = 14;
    private const int Weak = 2, FirstNamedVersion = 2, VisibleToAll = 0, Protected = 3;

    /// <summary>Reads a library.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or no 64-bit little-endian ELF file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal static unsafe ElfDynamic Read(string path)
    {
        using var stream = File.OpenRead(path);
        if (stream.Length < FileHeaderSize)
            throw new InvalidDataException("it is not an ELF file");
        using var file = MemoryMappedFile.CreateFromFile(stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        using var view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            // The view ends with a page, the file before.
            return new Reader(start, stream.Length).Read();
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private readonly unsafe ref struct Reader(byte* start, long length)
    {
        internal ElfDynamic Read()
        {
            var head = Slice(0, FileHeaderSize);
            if (!head[..4].SequenceEqual("\u007fELF"u8) || head[4] != 2 || head[5] != 1)
                throw new InvalidDataException("it is not a 64-bit little-endian ELF file");
            var table = Slice(U64(head[40..]), SectionHeaderSize * (ulong)U16(head[60..]));
            ReadOnlySpan<byte> symbols = [], symbolNames = [], versions = [], entries = [], entryNames = [];
            for (var at = 0; at < table.Length; at += SectionHeaderSize)
            {
                var section = table.Slice(at, SectionHeaderSize);
                switch (U32(section[4..]))
                {
                    case DynamicSymbols:
                        symbols = Content(section);
                        symbolNames = Names(table, section);
                        break;
                    case DynamicEntries:
                        entries = Content(section);
                        entryNames = Names(table, section);
                        break;
                    case SymbolVersions:
                        versions = Content(section);
                        break;
                    default:
                        break;
                }
            }
            var (name, needed) = Entries(entries, entryNames);
            var (exported, asked) = Symbols(symbols, symbolNames, versions);
            return new ElfDynamic(U16(head[18..]), name, needed, exported, asked);
        }

        private static (string? Name, List<string> Needed) Entries(ReadOnlySpan<byte> entries, ReadOnlySpan<byte> names)
        {
            string? name = null;
            List<string> needed = [];
            for (var at = 0; at + EntrySize <= entries.Length; at += EntrySize)
            {
                var (tag, value) = (U64(entries[at..]), U64(entries[(at + 8)..]));
                if (tag == NameEntry)
                    name = Text(names, value);
                else if (tag == NeededEntry)
                    needed.Add(Text(names, value));
            }
            return (name, needed);
        }

        private static (HashSet<string> Exported, List<string> Asked) Symbols(ReadOnlySpan<byte> symbols, ReadOnlySpan<byte> names, ReadOnlySpan<byte> versions)
        {
            HashSet<string> exported = new(StringComparer.Ordinal);
            List<string> asked = [];
            // The first symbol is none.
            for (var index = 1; (index + 1) * SymbolSize <= symbols.Length; index++)
            {
                var symbol = symbols.Slice(index * SymbolSize, SymbolSize);
                var (binding, visibility, section) = (symbol[4] >> 4, symbol[5], U16(symbol[6..]));
                if (binding == 0)
                    continue;
                if (section != 0)
                {
                    if ((visibility & 3) is VisibleToAll or Protected)
                        exported.Add(Text(names, U32(symbol)));
                }
                else if (binding != Weak && ((index + 1) * 2 > versions.Length || (U16(versions[(index * 2)..]) & 0x7fff) < FirstNamedVersion))
                    asked.Add(Text(names, U32(symbol)));
            }
            return (exported, asked);
        }

        private ReadOnlySpan<byte> Names(ReadOnlySpan<byte> table, ReadOnlySpan<byte> section)
        {
            var at = SectionHeaderSize * (long)U32(section[40..]);
            if (at > table.Length - SectionHeaderSize)
                throw new InvalidDataException("it names a string table that it does not have");
            return Content(table.Slice((int)at, SectionHeaderSize));
        }

        private ReadOnlySpan<byte> Content(ReadOnlySpan<byte> section) => Slice(U64(section[24..]), U64(section[32..]));

        private ReadOnlySpan<byte> Slice(ulong offset, ulong size) =>
            size <= int.MaxValue && offset <= (ulong)length && size <= (ulong)length - offset
                ? new(start + offset, (int)size)
                : throw new InvalidDataException("it is truncated: a section lies beyond its end");

        private static string Text(ReadOnlySpan<byte> names, ulong at)
        {
            if (at >= (ulong)names.Length)
                throw new InvalidDataException("a name lies outside its string table");
            var rest = names[(int)at..];
            var end = rest.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
        }

        private static ushort U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

        private static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

        private static ulong U64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
