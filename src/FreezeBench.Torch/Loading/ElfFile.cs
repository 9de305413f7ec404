using System.Buffers;
using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Text;

namespace FreezeBench.Torch.Loading;

/// <summary>The sections of a 64-bit little-endian ELF file.</summary>
/// <remarks>
/// A file on disk is mapped and not read: of libtorch's 461 MB the system fetches what is looked at. Whatever offset it states is held against its
/// length. Layout: System V ABI, "ELF Header" and "Sections".
/// </remarks>
internal sealed unsafe class ElfFile : IDisposable
{
    /// <summary>Types of sections (sh_type): the symbols that a loader sees, and the version of each.</summary>
    internal const uint DynamicSymbols = 11, SymbolVersions = 0x6fffffff;

    /// <summary>Bytes of a symbol.</summary>
    internal const int SymbolSize = 24;

    private const int HeaderSize = 64, SectionHeaderSize = 64;

    private readonly MemoryMappedFile? file;
    private readonly MemoryMappedViewAccessor? view;
    private readonly byte* start;
    private readonly long length;
    private readonly ulong sectionsAt;
    private readonly int sectionCount;
    private MemoryHandle pinned;

    /// <exception cref="InvalidDataException">It is damaged, or no 64-bit little-endian ELF file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal ElfFile(string path)
    {
        if (NativeFile.HasNoContent(path))
            throw NoElfFile();
        using var stream = File.OpenRead(path);
        // The length of the content, where FileInfo tells a link's; the view ends with a page, the file before.
        length = stream.Length;
        if (length < HeaderSize)
            throw NoElfFile();
        file = MemoryMappedFile.CreateFromFile(stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        (Machine, sectionsAt, sectionCount) = Head();
    }

    /// <param name="content">The whole file.</param>
    /// <exception cref="InvalidDataException">It is damaged, or no 64-bit little-endian ELF file.</exception>
    internal ElfFile(byte[] content)
    {
        length = content.Length;
        pinned = content.AsMemory().Pin();
        start = (byte*)pinned.Pointer;
        (Machine, sectionsAt, sectionCount) = Head();
    }

    /// <summary>The processor it was compiled for (e_machine).</summary>
    internal int Machine { get; }

    /// <summary>The first section of a type (sh_type); null: there is none.</summary>
    internal int? Find(uint type)
    {
        for (var section = 0; section < sectionCount; section++)
            if (U32(Header(section)[4..]) == type)
                return section;
        return null;
    }

    /// <summary>How many entries a section has, of those that state it (sh_info).</summary>
    internal uint Info(int section) => U32(Header(section)[44..]);

    /// <summary>Where in the file a section begins (sh_offset).</summary>
    internal ulong Offset(int section) => U64(Header(section)[24..]);

    /// <exception cref="InvalidDataException">It lies beyond the file's end.</exception>
    internal ReadOnlySpan<byte> Content(int section) => Slice(Offset(section), U64(Header(section)[32..]));

    /// <summary>The string table that a section names (sh_link).</summary>
    /// <exception cref="InvalidDataException">There is none, or it lies beyond the file's end.</exception>
    internal ReadOnlySpan<byte> Names(int section)
    {
        var table = U32(Header(section)[40..]);
        return table < sectionCount ? Content((int)table) : throw new InvalidDataException("it names a string table that it does not have");
    }

    /// <summary>A text of a string table.</summary>
    /// <exception cref="InvalidDataException">It begins or ends outside.</exception>
    internal static string Text(ReadOnlySpan<byte> names, ulong at)
    {
        var rest = Rest(names, at);
        return rest.IndexOf((byte)0) is >= 0 and var end ? Encoding.UTF8.GetString(rest[..end]) : throw new InvalidDataException("a name has no end");
    }

    /// <summary>A string table from a place on.</summary>
    /// <exception cref="InvalidDataException">The place lies outside.</exception>
    internal static ReadOnlySpan<byte> Rest(ReadOnlySpan<byte> names, ulong at) =>
        at < (ulong)names.Length ? names[(int)at..] : throw new InvalidDataException("a name lies outside its string table");

    /// <summary>The number at the beginning, 16 bits.</summary>
    internal static ushort U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    /// <summary>The number at the beginning, 32 bits.</summary>
    internal static uint U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    /// <summary>The number at the beginning, 64 bits.</summary>
    internal static ulong U64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes);

    public void Dispose()
    {
        view?.SafeMemoryMappedViewHandle.ReleasePointer();
        view?.Dispose();
        file?.Dispose();
        pinned.Dispose();
    }

    private (int Machine, ulong SectionsAt, int SectionCount) Head()
    {
        try
        {
            if (length < HeaderSize || !Slice(0, 4).SequenceEqual("\u007fELF"u8))
                throw NoElfFile();
            var head = Slice(0, HeaderSize);
            if (head[4] != 2 || head[5] != 1)
                throw new InvalidDataException("it is not a 64-bit little-endian ELF file");
            var (table, size, count) = (U64(head[40..]), U16(head[58..]), U16(head[60..]));
            if (count > 0 && size != SectionHeaderSize)
                throw new InvalidDataException($"its section headers are {size} bytes long, not {SectionHeaderSize}");
            Slice(table, SectionHeaderSize * (ulong)count);
            return (U16(head[18..]), table, count);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private static InvalidDataException NoElfFile() => new("it is not an ELF file");

    private ReadOnlySpan<byte> Header(int section) => Slice(sectionsAt + (SectionHeaderSize * (ulong)section), SectionHeaderSize);

    private ReadOnlySpan<byte> Slice(ulong offset, ulong size) =>
        size <= int.MaxValue && offset <= (ulong)length && size <= (ulong)length - offset
            ? new(start + offset, (int)size)
            : throw new InvalidDataException("it is truncated: a section lies beyond its end");
}
