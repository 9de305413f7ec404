namespace FreezeBench.Torch.Loading;

/// <summary>What the loader of a Linux system reads of a library: its name, whom it needs, and the symbols that it gives and asks for.</summary>
/// <remarks>Of libtorch's 461 MB this needs 15. Layout: System V ABI, "Dynamic Section" and "Symbol Table".</remarks>
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
    /// <summary>Type of the section with the entries that a loader reads, and what each of these is.</summary>
    internal const uint DynamicEntries = 6;
    internal const ulong NeededEntry = 1, NameEntry = 14;
    internal const int EntrySize = 16;

    private const ulong SearchEntry = 15, LaterSearchEntry = 29;

    // Of the dynamic section, which has some dozens of entries.
    private const int MostBytes = 1 << 20;

    // In a search path: the library's own folder.
    private static readonly string[] originWords = ["$ORIGIN", "${ORIGIN}"];
    private const int Weak = 2, FirstNamedVersion = 2, VisibleToAll = 0, Protected = 3;

    /// <exception cref="InvalidDataException">It is damaged, or no 64-bit little-endian ELF file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal static ElfDynamic Read(string path)
    {
        using var file = new ElfFile(path);
        var (exported, asked) = Symbols(file);
        return new ElfDynamic(file.Machine, Texts(file, NameEntry).LastOrDefault(), Texts(file, NeededEntry), exported, asked);
    }

    /// <summary>The names of the libraries that a file needs, in its order; its symbols are not looked at.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or no 64-bit little-endian ELF file.</exception>
    internal static IReadOnlyList<string> NeededBy(string path)
    {
        using var file = new ElfFile(path);
        return Texts(file, NeededEntry);
    }

    /// <summary>The folders that a file names for what it needs (DT_RPATH, DT_RUNPATH), in its order, seen from where it lies; they need not exist.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or no 64-bit little-endian ELF file.</exception>
    internal static IReadOnlyList<string> SearchedBy(string path)
    {
        using var file = new ElfFile(path);
        var origin = Path.GetDirectoryName(Path.GetFullPath(path))!;
        return
        [
            .. Texts(file, SearchEntry, LaterSearchEntry).SelectMany(list => list.Split(':', StringSplitOptions.RemoveEmptyEntries))
                .Select(folder => originWords.Aggregate(folder, (text, word) => text.Replace(word, origin, StringComparison.Ordinal))).Where(Path.IsPathRooted),
        ];
    }

    private static List<string> Texts(ElfFile file, params ReadOnlySpan<ulong> tags)
    {
        List<string> texts = [];
        if (file.Find(DynamicEntries) is not { } section)
            return texts;
        var entries = file.Content(section);
        var names = file.Names(section);
        if (entries.Length > MostBytes)
            throw new InvalidDataException("its dynamic section is longer than any");
        for (var at = 0; at + EntrySize <= entries.Length; at += EntrySize)
            if (tags.Contains(ElfFile.U64(entries[at..])))
                texts.Add(ElfFile.Text(names, ElfFile.U64(entries[(at + 8)..])));
        return texts;
    }

    private static (HashSet<string> Exported, List<string> Asked) Symbols(ElfFile file)
    {
        HashSet<string> exported = new(StringComparer.Ordinal);
        List<string> asked = [];
        if (file.Find(ElfFile.DynamicSymbols) is not { } table)
            return (exported, asked);
        var symbols = file.Content(table);
        var names = file.Names(table);
        ReadOnlySpan<byte> versions = file.Find(ElfFile.SymbolVersions) is { } place ? file.Content(place) : [];
        // The first symbol is none.
        for (var index = 1; (index + 1) * ElfFile.SymbolSize <= symbols.Length; index++)
        {
            var symbol = symbols.Slice(index * ElfFile.SymbolSize, ElfFile.SymbolSize);
            var (binding, visibility, section) = (symbol[4] >> 4, symbol[5], ElfFile.U16(symbol[6..]));
            if (binding == 0)
                continue;
            if (section != 0)
            {
                if ((visibility & 3) is VisibleToAll or Protected)
                    exported.Add(ElfFile.Text(names, ElfFile.U32(symbol)));
            }
            else if (binding != Weak && ((index + 1) * 2 > versions.Length || (ElfFile.U16(versions[(index * 2)..]) & 0x7fff) < FirstNamedVersion))
                asked.Add(ElfFile.Text(names, ElfFile.U32(symbol)));
        }
        return (exported, asked);
    }
}
