using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Text;

namespace FreezeBench.Torch.Loading;

/// <summary>The sections of a 64-bit little-endian ELF file.</summary>
/// <remarks>
/// The file is mapped and not read: of libtorch's 461 MB the system fetches what is looked at. Whatever offset the file states is held against its
/// length. Layout: System V ABI, "ELF Header" and "Sections".
/// </remarks>
internal sealed unsafe class ElfFile : IDisposable
{
    private const int HeaderSize = 64, SectionHeaderSize = 64;

    private readonly MemoryMappedFile file;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;
    private readonly long length;

    /// <exception cref="InvalidDataException">It is damaged, or no 64-bit little-endian ELF file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal ElfFile(string path)
    {
        if (NativeFile.HasNoContent(path))
            throw new InvalidDataException("it is not an ELF file");
        using var stream = File.OpenRead(path);
        // The length of the content, where FileInfo tells a link's; the view ends with a page, the file before.
        length = stream.Length;
        if (length < HeaderSize)
            throw new InvalidDataException("it is not an ELF file");
        file = MemoryMappedFile.CreateFromFile(stream, mapName: null, capacity: 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        view = file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        try
        {
            var head = Slice(0, HeaderSize);
            if (!head[..4].SequenceEqual("\u007fELF"u8) || head[4] != 2 || head[5] != 1)
                throw new InvalidDataException("it is not a 64-bit little-endian ELF file");
            (Machine, SectionsAt, SectionCount) = (U16(head[18..]), U64(head[40..]), U16(head[60..]));
            Slice(SectionsAt, SectionHeaderSize * (ulong)SectionCount);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The processor it was compiled for (e_machine).</summary>
    internal int Machine { get; }

    /// <summary>How many sections it has.</summary>
    internal int SectionCount { get; }

    private ulong SectionsAt { get; }

    /// <summary>What a section is (sh_type).</summary>
    internal uint Type(int section) => U32(Header(section)[4..]);

    /// <exception cref="InvalidDataException">It lies beyond the file's end.</exception>
    internal ReadOnlySpan<byte> Content(int section)
    {
        var header = Header(section);
        return Slice(U64(header[24..]), U64(header[32..]));
    }

    /// <summary>The string table that a section names (sh_link).</summary>
    /// <exception cref="InvalidDataException">There is none, or it lies beyond the file's end.</exception>
    internal ReadOnlySpan<byte> Names(int section)
    {
        var table = U32(Header(section)[40..]);
        return table < SectionCount ? Content((int)table) : throw new InvalidDataException("it names a string table that it does not have");
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
        view.SafeMemoryMappedViewHandle.ReleasePointer();
        view.Dispose();
        file.Dispose();
    }

    private ReadOnlySpan<byte> Header(int section) => Slice(SectionsAt + (SectionHeaderSize * (ulong)section), SectionHeaderSize);

    private ReadOnlySpan<byte> Slice(ulong offset, ulong size) =>
        size <= int.MaxValue && offset <= (ulong)length && size <= (ulong)length - offset
            ? new(start + offset, (int)size)
            : throw new InvalidDataException("it is truncated: a section lies beyond its end");
}
