using System.Buffers.Binary;
using System.Text;

namespace FreezeBench.Torch.Loading;

/// <summary>
/// A library that brings others and goes by a name that .NET looks for: how TorchSharp's own search for libtorch finds the one that the user names.
/// </summary>
/// <remarks>
/// TorchSharp asks for <c>torch_cpu</c> by its name. .NET then tries torch_cpu.so before libtorch_cpu.so, each in the program's folder and then wherever the
/// system has it; the packages' own libtorch_cpu.so in that folder would be loaded beside the user's, and two libtorchs in a process register the
/// same operators. So a library that calls itself torch_cpu.so is loaded before: a copy of libtorch.so, which is nothing but a list of the libraries
/// that it needs, with another name. No text has to be put in: the name is the end of one in that list.
/// </remarks>
internal static class LibraryAlias
{
    private const string Prefix = "lib";

    /// <summary>A copy of a library that goes by the name of one that it needs, without <c>lib</c>.</summary>
    /// <param name="library">An ELF file.</param>
    /// <param name="needed">One of the names that it needs, such as <c>libtorch_cpu.so</c>.</param>
    /// <returns>Null: it does not need that, or has no name.</returns>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static byte[]? Of(byte[] library, string needed)
    {
        using var file = new ElfFile(library);
        if (file.Find(ElfDynamic.DynamicEntries) is not { } section)
            return null;
        var entries = file.Content(section);
        var names = file.Names(section);
        var wanted = Encoding.ASCII.GetBytes(needed + "\0");
        int? nameAt = null;
        ulong? found = null;
        for (var at = 0; at + ElfDynamic.EntrySize <= entries.Length; at += ElfDynamic.EntrySize)
        {
            var (tag, value) = (ElfFile.U64(entries[at..]), ElfFile.U64(entries[(at + 8)..]));
            if (tag == ElfDynamic.NameEntry)
                nameAt = (int)file.Offset(section) + at + 8;
            else if (tag == ElfDynamic.NeededEntry && ElfFile.Rest(names, value).StartsWith(wanted))
                found = value;
        }
        if (nameAt is null || found is null)
            return null;
        var copy = (byte[])library.Clone();
        BinaryPrimitives.WriteUInt64LittleEndian(copy.AsSpan(nameAt.Value), found.Value + (ulong)Prefix.Length);
        return copy;
    }
}
