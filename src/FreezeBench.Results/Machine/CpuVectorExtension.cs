using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace FreezeBench.Results.Machine;

/// <summary>The widest SIMD extension of the CPU, which decides what kernels libtorch chooses.</summary>
/// <remarks>Of the machine and not of a process: libtorch's ATEN_CPU_CAPABILITY does not change it, nor on Linux .NET's switches.</remarks>
internal static class CpuVectorExtension
{
    /// <summary>Widest first, with the words that Linux has for what it takes. Of AVX-512 and AVX2 as much as the levels v4 and
    /// v3 of the x86-64 psABI ask for: libtorch's kernels and .NET's need more than the extension that gave the name.</summary>
    private static readonly (string Name, string[] Flags)[] extensions =
    [
        ("avx512", ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]),
        ("avx2", ["avx2", "fma"]),
        ("avx", ["avx"]),
        ("sse4.2", ["sse4_2"]),
        ("sse2", ["sse2"]),
        ("sve", ["sve"]),
        ("neon", ["asimd"]),
        ("neon", ["neon"]),
    ];

    /// <summary>The word; "unknown" on other architectures.</summary>
    internal static string OfThisMachine() => OperatingSystem.IsLinux() ? FromCpuInfo(CpuInfo.Lines()) : OfRuntime();

    /// <summary>By the flags of the first core. Linux leaves out what it does not let programs use.</summary>
    internal static string FromCpuInfo(IReadOnlyList<string> lines)
    {
        var flags = (CpuInfo.Value(lines, "flags") ?? CpuInfo.Value(lines, "Features") ?? "").Split(' ').ToHashSet();
        return extensions.FirstOrDefault(extension => extension.Flags.All(flags.Contains)).Name ?? Unknown.Text;
    }

    /// <summary>By what .NET may use; it asks the system too, whether it saves the registers. SVE is not asked for: .NET's own
    /// is for trial only, and of these systems macOS has none.</summary>
    internal static string OfRuntime() => true switch
    {
        _ when Avx512F.VL.IsSupported && Avx512BW.VL.IsSupported && Avx512CD.VL.IsSupported && Avx512DQ.VL.IsSupported => "avx512",
        _ when Avx2.IsSupported && Fma.IsSupported => "avx2",
        _ when Avx.IsSupported => "avx",
        _ when Sse42.IsSupported => "sse4.2",
        _ when Sse2.IsSupported => "sse2",
        _ when AdvSimd.IsSupported => "neon",
        _ => Unknown.Text,
    };

    /// <summary>As people write it: <c>AVX-512</c>, <c>AVX2</c>.</summary>
    internal static string Shown(string extension) => extension == "avx512" ? "AVX-512" : extension.ToUpperInvariant();
}
