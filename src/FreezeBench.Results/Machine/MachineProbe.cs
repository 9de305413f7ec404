using System.Globalization;
using System.Runtime.InteropServices;

namespace FreezeBench.Results.Machine;

/// <summary>Finds the facts about the computer that need neither torch nor a GPU.</summary>
public static class MachineProbe
{
    /// <summary>The facts of this machine.</summary>
    public static MachineFacts Capture() => new()
    {
        CpuModel = CpuName.OfThisMachine(),
        CpuFamily = CpuFamily.OfThisMachine(),
        CpuVectorExtension = CpuVectorExtension.OfThisMachine(),
        LogicalCores = Environment.ProcessorCount,
        PhysicalCores = PhysicalCores(),
        MemoryBytes = MemoryBytes(),
        OperatingSystem = CpuName.Tidy(RuntimeInformation.OSDescription),
        KernelVersion = CpuName.Tidy(Environment.OSVersion.Version.ToString()),
        Architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
        DotNetVersion = RuntimeInformation.FrameworkDescription,
    };

    /// <summary>Distinct groups of sibling threads on Linux; Windows offers no simple count, so it is unknown there.</summary>
    internal static int? PhysicalCores(string systemFolder = "/sys/devices/system/cpu")
    {
        if (OperatingSystem.IsMacOS())
            return (int?)Number(ChildProcess.FactOf("sysctl", ["-n", "hw.physicalcpu"]));
        if (!Directory.Exists(systemFolder))
            return null;
        var groups = Directory.EnumerateDirectories(systemFolder, "cpu*")
            .Select(folder => SystemFile.Lines(Path.Combine(folder, "topology", "thread_siblings_list")))
            .OfType<IReadOnlyList<string>>()
            .Where(lines => lines.Count > 0)
            .Select(lines => lines[0])
            .Distinct()
            .Count();
        return groups > 0 ? groups : null;
    }

    /// <summary>Not the garbage collector's figure where the system tells: it shrinks with heap limits.</summary>
    internal static long? MemoryBytes()
    {
        if (OperatingSystem.IsLinux())
            return SystemFile.Lines("/proc/meminfo") is { } lines ? HostMemory.Kibibytes(lines, "MemTotal") : null;
        if (OperatingSystem.IsMacOS())
            return Number(ChildProcess.FactOf("sysctl", ["-n", "hw.memsize"]));
        return GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
    }

    private static long? Number(string? text) =>
        long.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
