using System.Globalization;

namespace FreezeBench.Results.Machine;

/// <summary>The limit of a process's addresses (<c>ulimit -v</c>, RLIMIT_AS), which counts all that is mapped, touched or not.</summary>
public static class AddressSpace
{
    // .NET ends a process that can map no compiled code and no stack any more, without a word of ours: what data must leave free.
    private const long RuntimesShare = 256L << 20;

    // What libtorch's files map, 0.4 GB, and what threads and a small training took beside them, 0.6 GB.
    private const long LeastForLibtorch = 768L << 20;

    /// <summary>What data may take and what is in use, both in bytes; null: nothing limits it, or the system does not tell.</summary>
    public static (long Limit, long Used)? Room() => OperatingSystem.IsLinux() ? Room(SystemFile.Lines("/proc/self/limits"), SystemFile.Lines("/proc/self/status")) : null;

    /// <summary>Why libtorch is not to be loaded, which would end the process; null: it may be.</summary>
    /// <remarks>To be asked before the first use of FreezeBench.Torch, which loads it.</remarks>
    public static string? TooSmallForLibtorch() => TooSmallForLibtorch(Room());

    internal static string? TooSmallForLibtorch((long Limit, long Used)? room) => room is not var (limit, used) || limit - used >= LeastForLibtorch
        ? null
        : $"libtorch and a training need {Mebibytes(LeastForLibtorch + RuntimesShare)} of addresses, and the limit of this process (ulimit -v {(limit + RuntimesShare) >> 10}) leaves {Mebibytes(Math.Max(0, limit + RuntimesShare - used))} beside {Mebibytes(used)} of .NET. Raise it (ulimit -v unlimited), or have .NET reserve less for its heap: DOTNET_GCHeapHardLimit=0x10000000.";

    private static string Mebibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MiB");

    internal static (long Limit, long Used)? Room(IReadOnlyList<string>? limits, IReadOnlyList<string>? status)
    {
        const string name = "Max address space";
        var soft = limits?.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && status is not null && HostMemory.Kibibytes(status, "VmSize") is { } used
            ? (Math.Max(0, limit - RuntimesShare), used)
            : null;
    }
}
