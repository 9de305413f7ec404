namespace FreezeBench.Torch.Loading;

/// <summary>One symbol version that an ELF file needs of another library.</summary>
/// <param name="Library">The other library's name, such as libstdc++.so.6.</param>
/// <param name="Version">Such as GLIBCXX_3.4.32.</param>
/// <param name="FlagsAt">Where in the file its flags (vna_flags, 2 bytes) are.</param>
/// <param name="Flags">Its flags; <see cref="Weak"/> lets a program load without the version.</param>
/// <param name="Index">The number by which symbols refer to it.</param>
internal sealed record ElfVersionNeed(string Library, string Version, int FlagsAt, ushort Flags, int Index)
{
    /// <summary>VER_FLG_WEAK: the loader does not refuse the file when the version is absent.</summary>
    public const ushort Weak = 2;
}
