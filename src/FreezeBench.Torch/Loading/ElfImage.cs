using System.Buffers.Binary;
using System.Text;

namespace FreezeBench.Torch.Loading;

/// <summary>
/// A 64-bit little-endian ELF file in memory, read as far as symbol versions need it. Every offset that the file states
/// is checked against the file's length: a truncated or damaged file ends in <see cref="InvalidDataException"/>.
/// </summary>
/// <remarks>Layout: System V ABI (file and section headers) and the LSB's chapter on symbol versioning.</remarks>
internal sealed class ElfImage
{
    /// <summary>e_machine of x86-64.</summary>
    public const int MachineX64 = 62;

    /// <summary>e_machine of AArch64.</summary>
    public const int MachineArm64 = 183;

    private const uint DynamicSymbols = 11, VersionNeeds = 0x6ffffffe, SymbolVersions = 0x6fffffff;
    private const int FileHeaderSize = 64, SectionHeaderSize = 64, NeedSize = 16, SymbolSize = 24;

    private readonly byte[] bytes;
    private readonly List<Section> sections = [];

    /// <exception cref="InvalidDataException">Not a whole 64-bit little-endian ELF file.</exception>
    public ElfImage(byte[] bytes)
    {
        this.bytes = bytes;
        if (bytes.Length < FileHeaderSize || !bytes.AsSpan(0, 4).SequenceEqual("\u007fELF"u8))
            throw new InvalidDataException("it is not an ELF file");
        if (bytes[4] != 2 || bytes[5] != 1)
            throw new InvalidDataException("it is not a 64-bit little-endian ELF file");
        Machine = U16(18);
        var (table, size, count) = (U64(40), U16(58), U16(60));
        if (count > 0 && size != SectionHeaderSize)
            throw new InvalidDataException($"its section headers are {size} bytes long, not {SectionHeaderSize}");
        for (var index = 0; index < count; index++)
            sections.Add(ReadSection(Sum(table, index * SectionHeaderSize)));
    }

    /// <summary>The processor it was compiled for (e_machine).</summary>
    public int Machine { get; }

    /// <summary>Every symbol version that the file needs of other libraries, in file order.</summary>
    public IEnumerable<ElfVersionNeed> NeededVersions()
    {
        if (Find(VersionNeeds) is not { } needs)
            yield break;
        var names = Linked(needs);
        var need = needs.Offset;
        // No more entries than fit: in a damaged file a link to itself would otherwise be followed 2^48 times.
        var room = needs.Size / NeedSize;
        for (var left = needs.Info; left > 0; left--)
        {
            Require(need, needs, ref room);
            var library = Name(names, U32(need + 4));
            var aux = Sum(need, U32(need + 8));
            for (var versions = U16(need + 2); versions > 0; versions--)
            {
                Require(aux, needs, ref room);
                var version = Name(names, U32(aux + 8));
                yield return new(library, version, FlagsAt: aux + 4, Flags: U16(aux + 4), Index: U16(aux + 6) & 0x7fff);
                aux = Sum(aux, U32(aux + 12));
            }
            need = Sum(need, U32(need + 12));
        }
    }

    /// <summary>Names of the dynamic symbols that are bound to the version of this <paramref name="index"/>.</summary>
    public IEnumerable<string> SymbolsOfVersion(int index)
    {
        if (Find(SymbolVersions) is not { } versions || Find(DynamicSymbols) is not { } symbols)
            yield break;
        var names = Linked(symbols);
        for (var symbol = 0; symbol < Math.Min(versions.Size / 2, symbols.Size / SymbolSize); symbol++)
            if ((U16(versions.Offset + symbol * 2) & 0x7fff) == index)
                yield return Name(names, U32(symbols.Offset + symbol * SymbolSize));
    }

    private Section ReadSection(int header)
    {
        if (header > bytes.Length - SectionHeaderSize)
            throw new InvalidDataException("it is truncated: its section headers lie beyond its end");
        var (offset, size) = (Clamp(U64(header + 24)), Clamp(U64(header + 32)));
        var section = new Section(U32(header + 4), offset, size, Link: U32(header + 40), Info: U32(header + 44));
        // Only these are read; others (.bss) may state a size that is not in the file.
        if (section.Type is DynamicSymbols or VersionNeeds or SymbolVersions)
            CheckInside(section);
        return section;
    }

    private Section? Find(uint type)
    {
        foreach (var section in sections)
            if (section.Type == type)
                return section;
        return null;
    }

    private Section Linked(Section section)
    {
        if (section.Link >= sections.Count)
            throw new InvalidDataException("it names a string table that it does not have");
        CheckInside(sections[(int)section.Link]);
        return sections[(int)section.Link];
    }

    private void CheckInside(Section section)
    {
        if (section.Offset > bytes.Length || section.Size > bytes.Length - section.Offset)
            throw new InvalidDataException("it is truncated: a section lies beyond its end");
    }

    private static void Require(int offset, Section section, ref int room)
    {
        if (room-- <= 0 || offset < section.Offset || offset > section.Offset + section.Size - NeedSize)
            throw new InvalidDataException("its version needs point outside their section");
    }

    private string Name(Section names, uint offset)
    {
        if (offset >= names.Size)
            throw new InvalidDataException("a name lies outside its string table");
        var rest = bytes.AsSpan(names.Offset + (int)offset, names.Size - (int)offset);
        var end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    // Offsets are kept as int: a file that fits a byte array has no larger ones, and a larger one is outside anyway.
    private static int Clamp(ulong value) => (int)Math.Min(value, int.MaxValue);

    private static int Sum(ulong start, long plus) => Clamp(start > int.MaxValue ? start : start + (ulong)plus);

    private static int Sum(int start, uint plus) => Clamp((ulong)start + plus);

    private ushort U16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(offset));

    private uint U32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(offset));

    private ulong U64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(offset));

    private readonly record struct Section(uint Type, int Offset, int Size, uint Link, uint Info);
}
