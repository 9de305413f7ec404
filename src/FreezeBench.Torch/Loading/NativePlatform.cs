using System.Runtime.InteropServices;

namespace FreezeBench.Torch.Loading;

/// <summary>One of the platforms that there are native packages for, and how its files are named.</summary>
/// <param name="Rid">.NET's name of the platform, and of the folder with its native files.</param>
/// <param name="Prefix">Before a library's name.</param>
/// <param name="Extension">After a library's name.</param>
/// <param name="ElfMachine">What an ELF file for it states; null where files are not ELF.</param>
internal sealed record NativePlatform(string Rid, string Prefix, string Extension, int? ElfMachine)
{
    private static readonly NativePlatform[] supported =
    [
        new("linux-x64", "lib", ".so", ElfImage.MachineX64),
        new("win-x64", "", ".dll", null),
        new("win-arm64", "", ".dll", null),
        new("osx-arm64", "lib", ".dylib", null),
    ];

    /// <exception cref="RefusedException">There is no libtorch for it.</exception>
    public static NativePlatform Current()
    {
        var os = OperatingSystem.IsWindows() ? "win"
            : OperatingSystem.IsMacOS() ? "osx"
            : OperatingSystem.IsLinux() ? "linux"
            : "unknown";
        // musl (Alpine) runs x64 code, yet has none of the libraries that libtorch is linked to.
        if (RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal))
            os = "linux-musl";
        return For(os, RuntimeInformation.ProcessArchitecture);
    }

    /// <summary>The platform of a process of <paramref name="architecture"/> on <paramref name="os"/>.</summary>
    /// <exception cref="RefusedException">There is no libtorch for it.</exception>
    public static NativePlatform For(string os, Architecture architecture)
    {
        var rid = $"{os}-{architecture.ToString().ToLowerInvariant()}";
        return Array.Find(supported, platform => platform.Rid == rid)
            ?? throw new RefusedException($"This process runs as {rid}, and libtorch has no build for that. Supported: "
                + $"{string.Join(", ", supported.Select(platform => platform.Rid))}. Run it with a .NET SDK for one of these.");
    }

    /// <summary>File name of a library, such as libtorch_cpu.so for torch_cpu.</summary>
    public string FileName(string library) => Prefix + library + Extension;
}
