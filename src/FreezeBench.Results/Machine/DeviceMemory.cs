namespace FreezeBench.Results.Machine;

/// <summary>The memory of the device that a program works on.</summary>
/// <param name="TotalBytes">All of it.</param>
/// <param name="FreeBytes">What this program could still take when it was asked; the total where only that is known.</param>
public sealed record DeviceMemory(long TotalBytes, long FreeBytes)
{
    /// <summary>Of the host, as far as this process may use it; null where the system does not tell.</summary>
    /// <remarks>
    /// Linux: MemTotal and MemAvailable, and below them the limits of the process's control groups (<see cref="ControlGroups"/>), such as a container's, and that of the
    /// process's address space (<see cref="AddressSpace"/>).
    /// </remarks>
    public static DeviceMemory? OfHost()
    {
        if (!OperatingSystem.IsLinux())
            return MachineProbe.MemoryBytes() is { } total ? new(total, total) : null;
        if (SystemFile.Lines("/proc/meminfo") is not { } lines || HostMemory.Kibibytes(lines, "MemTotal") is not { } all)
            return null;
        return OfLinux(all, HostMemory.Kibibytes(lines, "MemAvailable") ?? all, [.. new ControlGroups().MemoryLimits().Select(limit => ((long, long)?)limit), AddressSpace.Room()]);
    }

    /// <summary>What is left of the machine's memory by limits below it.</summary>
    /// <param name="total">Of the machine.</param>
    /// <param name="available">Of it.</param>
    /// <param name="limits">Limits and what is in use of each; null: none.</param>
    internal static DeviceMemory OfLinux(long total, long available, params IEnumerable<(long Limit, long Used)?> limits)
    {
        var memory = new DeviceMemory(total, available);
        foreach (var (limit, used) in limits.OfType<(long Limit, long Used)>())
            memory = new(Math.Min(memory.TotalBytes, limit), Math.Min(memory.FreeBytes, Math.Max(0, limit - used)));
        return memory;
    }
}
