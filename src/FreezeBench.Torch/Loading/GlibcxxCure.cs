using System.Buffers.Binary;

namespace FreezeBench.Torch.Loading;

/// <summary>
/// Makes TorchSharp's native library loadable where libstdc++ is older than GCC 13's (Debian 12, Ubuntu 22.04).
/// </summary>
/// <remarks>
/// The library needs version GLIBCXX_3.4.32 for one symbol alone, which it never calls: including &lt;iostream&gt; with
/// GCC 13 refers to it, so that a static initializer is linked. Marking that one version as weak is all it takes. Any
/// other symbol of that version would be called, and would end the process in the middle of a measurement: then this
/// refuses.
/// </remarks>
internal static class GlibcxxCure
{
    /// <summary>The only version that may be made weak.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    /// <summary>The only symbol that may need it.</summary>
    public const string UncalledSymbol = "_ZSt21ios_base_library_initv";

    /// <summary>A copy of <paramref name="library"/> in which the one version is weak; all other bytes are equal.</summary>
    /// <exception cref="InvalidDataException">Not an ELF file that can be cured; the message says why.</exception>
    public static byte[] Apply(byte[] library)
    {
        var image = new ElfImage(library);
        var needs = image.NeededVersions().Where(need => need is { Library: "libstdc++.so.6", Version: Version }).ToList();
        if (needs is not [var need])
            throw new InvalidDataException($"it states {needs.Count} needs of {Version}, not one");
        var called = image.SymbolsOfVersion(need.Index).Where(symbol => symbol != UncalledSymbol).ToList();
        if (called is [var first, ..])
            throw new InvalidDataException($"it calls {first} of {Version}");

        var cured = (byte[])library.Clone();
        BinaryPrimitives.WriteUInt16LittleEndian(cured.AsSpan(need.FlagsAt), (ushort)(need.Flags | ElfVersionNeed.Weak));
        return cured;
    }
}
