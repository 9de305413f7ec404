using System.Text.Json.Serialization;

namespace FreezeBench.Results.Machine;

/// <summary>The computer and its system software, without the GPU.</summary>
public sealed record MachineFacts
{
    /// <summary>Model name of the CPU, as the system gives it with runs of blanks closed up.</summary>
    public required string CpuModel { get; init; }

    /// <summary>Which design the CPU is, where its name may not tell: on x86 vendor, family, model and stepping by CPUID, as
    /// /proc/cpuinfo shows them (<c>AuthenticAMD family 26 model 2 stepping 1</c>); on Linux on ARM <c>implementer 0x41 part 0xd0c
    /// variant 0x3 revision 1</c>; of the first core. Else unknown, as in files of schema version 1.</summary>
    [FactSince(2)]
    public string CpuFamily { get; init; } = Unknown.Text;

    /// <summary>Widest SIMD extension that CPU and system let code use: <c>avx512</c> (F, BW, CD, DQ and VL), <c>avx2</c> (with
    /// FMA), <c>avx</c>, <c>sse4.2</c> or <c>sse2</c> on x86; <c>sve</c> or <c>neon</c> on ARM. Else unknown, as in files of
    /// schema version 1.</summary>
    [FactSince(2)]
    public string CpuVectorExtension { get; init; } = Unknown.Text;

    /// <summary>Logical cores that this process may use: affinity and container limits are taken into account.</summary>
    public required int LogicalCores { get; init; }

    /// <summary>Physical cores of the whole machine; it can be more than a container may use. Null is unknown.</summary>
    public int? PhysicalCores { get; init; }

    /// <summary>Memory of the machine in bytes, container limits not applied; null is unknown.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Operating system and version, for example <c>Debian GNU/Linux 12 (bookworm)</c>.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>Version of the kernel.</summary>
    public required string KernelVersion { get; init; }

    /// <summary>Architecture of the process (<c>x64</c>, <c>arm64</c>): an emulated process differs from a native one.</summary>
    public required string Architecture { get; init; }

    /// <summary>.NET runtime, for example <c>.NET 10.0.0</c>.</summary>
    [JsonPropertyName("dotnet_version")]
    public required string DotNetVersion { get; init; }
}
