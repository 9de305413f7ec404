using System.Runtime.InteropServices;

namespace FreezeBench.Results.Machine;

/// <summary>
/// Makes an allocation that a container's limit has no room for fail, so that it can be told of. Left alone, Linux gives the memory out and
/// kills the process when it is touched, without a word. Of a limited address space it leaves .NET its share (<see cref="AddressSpace"/>).
/// </summary>
/// <remarks>
/// By RLIMIT_DATA (setrlimit(2)): memory that is private and writable. What a process has mapped and not touched counts there, so that
/// little more than the stacks of threads to come is added. What fails by it is told by .NET, which ends a process that can take no page for
/// it: the first exception raises the bound by as much as that takes.
/// </remarks>
public static class MemoryBound
{
    private const int Data = 2;
    private const long StackBytes = 8L << 20;

    // An exception's text, a message, what is compiled to write them, and the end of a process: some 10 MiB.
    private const ulong BytesToTell = 64UL << 20;

    // 0: none was set.
    private static ulong set;

    /// <summary>Sets the bound, where this process has a limited address space or is in a control group with a limit below the machine's memory; elsewhere nothing.</summary>
    /// <param name="threads">That are still to start.</param>
    public static void Apply(int threads)
    {
        if (!OperatingSystem.IsLinux() || SystemFile.Lines("/proc/meminfo") is not { } memory || HostMemory.Kibibytes(memory, "MemTotal") is not { } total
            || SystemFile.Lines("/proc/self/status") is not { } status || HostMemory.Kibibytes(status, "VmData") is not { } data)
            return;
        List<(long Limit, long Used)> limits = [.. new ControlGroups().MemoryLimits().Where(limit => limit.Limit < total)];
        if (AddressSpace.Room() is { } addresses)
            limits.Add(addresses);
        if (limits is [])
            return;
        var bound = Bound(data, limits, threads);
        if (Get(Data, out var now) == 0 && (ulong)bound < now.Soft)
            Keep((ulong)bound, now);
    }

    /// <summary>The bound as it was set, after a failure that is dealt with: what was tried too large has been given back.</summary>
    public static void Restore()
    {
        if (set != 0 && Get(Data, out var now) == 0)
            _ = Set(Data, now with { Soft = set });
    }

    private static void Keep(ulong bound, Limits now)
    {
        if (set == 0)
            AppDomain.CurrentDomain.FirstChanceException += (_, thrown) => MakeRoomFor(thrown.Exception);
        set = bound;
        _ = Set(Data, now with { Soft = bound });
    }

    // Of libtorch's exceptions and .NET's own: before anything is made of them.
    private static void MakeRoomFor(Exception exception)
    {
        if (exception is ExternalException or OutOfMemoryException && Get(Data, out var now) == 0)
            _ = Set(Data, now with { Soft = Math.Min(set + BytesToTell, now.Hard) });
    }

    /// <summary>Bytes of data that the limits leave room for.</summary>
    internal static long Bound(long data, IEnumerable<(long Limit, long Used)> limits, int threads) =>
        data + limits.Min(limit => Math.Max(0, limit.Limit - limit.Used)) + (threads * StackBytes);

    [DllImport("libc", EntryPoint = "getrlimit")]
    private static extern int Get(int resource, out Limits limits);

    [DllImport("libc", EntryPoint = "setrlimit")]
    private static extern int Set(int resource, in Limits limits);

    [StructLayout(LayoutKind.Sequential)]
    private record struct Limits(ulong Soft, ulong Hard);
}
