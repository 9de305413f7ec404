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
    private const int SectionHeaderSize = 64, EntrySize = 16;
    private const uint DynamicEntries = 6;
    private const ulong NameEntry = 14, NeededEntry = 1;

    /// <summary>A copy of a library that goes by the name of one that it needs, without <c>lib</c>.</summary>
    /// <param name="library">An ELF file.</param>
    /// <param name="needed">One of the names that it needs, such as <c>libtorch_cpu.so</c>.</param>
    /// <returns>Null: it does not need that, or has no name.</returns>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static byte[]? Of(byte[] library, string needed)
    {
        ArgumentNullException.ThrowIfNull(library);
        try
        {
            var table = (int)U64(library, 40);
            for (var index = 0; index < BinaryPrimitives.ReadUInt16LittleEndian(library.AsSpan(60)); index++)
            {
                var section = library.AsSpan(table + index * SectionHeaderSize, SectionHeaderSize);
                if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) != DynamicEntries)
                    continue;
                var names = library.AsSpan(table + (int)BinaryPrimitives.ReadUInt32LittleEndian(section[40..]) * SectionHeaderSize, SectionHeaderSize);
                return Renamed(
                    library, (int)BinaryPrimitives.ReadUInt64LittleEndian(section[24..]), (int)BinaryPrimitives.ReadUInt64LittleEndian(section[32..]),
                    (int)BinaryPrimitives.ReadUInt64LittleEndian(names[24..]), Encoding.ASCII.GetBytes(needed + "\0"));
            }
            return null;
        }
        catch (ArgumentOutOfRangeException damaged)
        {
            throw new InvalidDataException("it is damaged: it names places outside of itself", damaged);
        }
    }

    private static byte[]? Renamed(byte[] library, int start, int size, int names, byte[] needed)
    {
        int? nameAt = null;
        ulong? found = null;
        for (var at = start; at < start + size; at += EntrySize)
        {
            var (tag, value) = (U64(library, at), U64(library, at + 8));
            if (tag == NameEntry)
                nameAt = at + 8;
            else if (tag == NeededEntry && library.AsSpan(names + (int)value).StartsWith(needed))
                found = value;
        }
        if (nameAt is null || found is null)
            return null;
        var copy = (byte[])library.Clone();
        BinaryPrimitives.WriteUInt64LittleEndian(copy.AsSpan(nameAt.Value), found.Value + (ulong)Prefix.Length);
        return copy;
    }

    private static ulong U64(byte[] bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at));
}
