namespace FreezeBench.Torch.Loading;

/// <summary>The symbol versions of a 64-bit little-endian ELF file in memory. A truncated or damaged one ends in <see cref="InvalidDataException"/>.</summary>
/// <remarks>Layout: the LSB's chapter on symbol versioning.</remarks>
/// <param name="bytes">The whole file.</param>
internal sealed class ElfImage(byte[] bytes)
{
    /// <summary>e_machine of x86-64.</summary>
    public const int MachineX64 = 62;

    private const uint VersionNeeds = 0x6ffffffe;
    private const int NeedSize = 16;

    /// <summary>Every symbol version that the file needs of other libraries, in file order.</summary>
    public IReadOnlyList<ElfVersionNeed> NeededVersions()
    {
        using var file = new ElfFile(bytes);
        List<ElfVersionNeed> found = [];
        if (file.Find(VersionNeeds) is not { } section)
            return found;
        var needs = file.Content(section);
        var names = file.Names(section);
        // No more entries than fit: in a damaged file a link to itself would otherwise be followed 2^48 times.
        var room = needs.Length / NeedSize;
        var need = 0UL;
        for (var left = file.Info(section); left > 0; left--)
        {
            var entry = Entry(needs, need, ref room);
            var library = ElfFile.Text(names, ElfFile.U32(entry[4..]));
            var version = need + ElfFile.U32(entry[8..]);
            for (var versions = ElfFile.U16(entry[2..]); versions > 0; versions--)
            {
                var own = Entry(needs, version, ref room);
                var flagsAt = (int)(file.Offset(section) + version) + 4;
                found.Add(new(library, ElfFile.Text(names, ElfFile.U32(own[8..])), flagsAt, Flags: ElfFile.U16(own[4..]), Index: ElfFile.U16(own[6..]) & 0x7fff));
                version += ElfFile.U32(own[12..]);
            }
            need += ElfFile.U32(entry[12..]);
        }
        return found;
    }

    /// <summary>Names of the dynamic symbols that are bound to the version of this <paramref name="index"/>.</summary>
    public IReadOnlyList<string> SymbolsOfVersion(int index)
    {
        using var file = new ElfFile(bytes);
        List<string> found = [];
        if (file.Find(ElfFile.SymbolVersions) is not { } versioned || file.Find(ElfFile.DynamicSymbols) is not { } dynamic)
            return found;
        var versions = file.Content(versioned);
        var symbols = file.Content(dynamic);
        var names = file.Names(dynamic);
        for (var symbol = 0; symbol < Math.Min(versions.Length / 2, symbols.Length / ElfFile.SymbolSize); symbol++)
            if ((ElfFile.U16(versions[(symbol * 2)..]) & 0x7fff) == index)
                found.Add(ElfFile.Text(names, ElfFile.U32(symbols[(symbol * ElfFile.SymbolSize)..])));
        return found;
    }

    private static ReadOnlySpan<byte> Entry(ReadOnlySpan<byte> needs, ulong at, ref int room) =>
        room-- > 0 && at + NeedSize <= (ulong)needs.Length
            ? needs.Slice((int)at, NeedSize)
            : throw new InvalidDataException("its version needs point outside their section");
}
