using System.Diagnostics;
using System.Globalization;

namespace FreezeBench.Results.Machine;

/// <summary>Memory of this process on the host.</summary>
public static class HostMemory
{
    /// <summary>Largest resident set of this process since it started, in bytes; null is unknown.</summary>
    /// <remarks>Linux: VmHWM of /proc/self/status, since .NET's own figure is sampled when it is asked there. Elsewhere:
    /// the peak working set.</remarks>
    public static long? PeakBytes()
    {
        if (OperatingSystem.IsLinux())
            return SystemFile.Lines("/proc/self/status") is { } lines ? Kibibytes(lines, "VmHWM") : null;
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 is > 0 and var peak ? peak : null;
    }

    /// <summary>The bytes of a line such as <c>MemTotal:  8136808 kB</c>; the kernel's kB is 1024 bytes.</summary>
    internal static long? Kibibytes(IEnumerable<string> lines, string name)
    {
        var value = lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.Ordinal))?[(name.Length + 1)..].Trim();
        return value is not null && value.EndsWith(" kB", StringComparison.Ordinal)
            && long.TryParse(value[..^3], NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes)
            ? kibibytes * 1024
            : null;
    }
}
