using System.Text.Json.Serialization;

namespace FreezeBench.Results.Machine;

/// <summary>The computer and its system software, without the GPU.</summary>
public sealed record MachineFacts
{
    /// <summary>Model name of the CPU, as the system gives it with runs of blanks closed up.</summary>
    public required string CpuModel { get; init; }

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
