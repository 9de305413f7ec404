using System.Text;

namespace FreezeBench.Torch.Loading;

/// <summary>The symbols of an ELF file that nobody exports: those for debuggers (<c>.symtab</c>), where the file still has them.</summary>
/// <remarks>Of libtorch's 461 MB this needs the 80 with symbols and names. Layout: System V ABI, "Symbol Table".</remarks>
internal static class ElfSymbols
{
    private const uint Symbols = 2;

    /// <param name="path">A 64-bit little-endian ELF file.</param>
    /// <param name="names">As compilers write them.</param>
    /// <returns>Address in the file's own count and size in bytes of those that there are.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or no such ELF file.</exception>
    internal static IReadOnlyDictionary<string, ElfSymbol> Find(string path, params IReadOnlyList<string> names)
    {
        using var file = new ElfFile(path);
        Dictionary<string, ElfSymbol> found = [];
        if (file.Find(Symbols) is { } section)
            Collect(file.Content(section), file.Names(section), names, found);
        return found;
    }

    private static void Collect(ReadOnlySpan<byte> symbols, ReadOnlySpan<byte> strings, IReadOnlyList<string> names, Dictionary<string, ElfSymbol> found)
    {
        byte[][] wanted = [.. names.Select(name => Encoding.ASCII.GetBytes(name + "\0"))];
        for (var at = 0; at + ElfFile.SymbolSize <= symbols.Length; at += ElfFile.SymbolSize)
        {
            var rest = ElfFile.Rest(strings, ElfFile.U32(symbols[at..]));
            for (var index = 0; index < wanted.Length; index++)
                if (rest.StartsWith(wanted[index]))
                    found[names[index]] = new(ElfFile.U64(symbols[(at + 8)..]), ElfFile.U64(symbols[(at + 16)..]));
        }
    }
}

/// <param name="Address">Counted as in the file: the same distance from another symbol's as in memory.</param>
/// <param name="Size">In bytes; 0: not stated.</param>
internal readonly record struct ElfSymbol(ulong Address, ulong Size);
