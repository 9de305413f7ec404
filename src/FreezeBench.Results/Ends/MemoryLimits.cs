namespace FreezeBench.Results.Ends;

/// <summary>How near a process is to the limits of its memory, asked without taking any.</summary>
internal readonly unsafe struct MemoryLimits
{
    // setrlimit(2) on Linux.
    private const int Data = 2, Addresses = 9;

    // A share of the limit. What was asked for and refused is not in use: that of a layer may be an eighth of all, and code that oneDNN makes is little.
    private const int ShareLeft = 4;

    // /proc/self/status has 1.5 KB.
    private const int StatusBytes = 8192;

    /// <summary>Whether one is so near that it is most likely what ended the process.</summary>
    internal bool AreReached { get; private init; }

    /// <summary>The nearest limit.</summary>
    internal long LimitBytes { get; private init; }

    /// <summary>What is in use of it.</summary>
    internal long UsedBytes { get; private init; }

    /// <param name="functions">To ask by.</param>
    /// <param name="lift">Whether they are raised, so that there is memory for the rest.</param>
    internal static MemoryLimits Lift(in NativeFunctions functions, bool lift)
    {
        var limits = stackalloc ulong[4];
        var known = (Data: functions.GetLimit(Data, limits), Addresses: functions.GetLimit(Addresses, limits + 2));
        var (data, addresses) = (limits[0], limits[2]);
        if (lift)
        {
            Raise(in functions, Data, limits, known.Data);
            Raise(in functions, Addresses, limits + 2, known.Addresses);
        }
        var status = stackalloc byte[StatusBytes];
        var read = functions.Read("/proc/self/status"u8, status, StatusBytes);
        var text = new ReadOnlySpan<byte>(status, (int)Math.Max(0, read));
        var ofData = Of(known.Data, data, Kibibytes(text, "VmData:"u8));
        var ofAddresses = Of(known.Addresses, addresses, Kibibytes(text, "VmSize:"u8));
        return ofData.AreReached || !ofAddresses.AreReached ? ofData : ofAddresses;
    }

    private static void Raise(in NativeFunctions functions, int resource, ulong* limits, bool known)
    {
        if (!known)
            return;
        limits[0] = limits[1];
        functions.SetLimit(resource, limits);
    }

    private static MemoryLimits Of(bool known, ulong limit, long? usedKibibytes)
    {
        if (!known || limit > long.MaxValue || usedKibibytes is not { } kibibytes)
            return default;
        var (all, used) = ((long)limit, kibibytes << 10);
        return new() { AreReached = all - used < all / ShareLeft, LimitBytes = all, UsedBytes = used };
    }

    // "VmData:   123 kB"
    private static long? Kibibytes(ReadOnlySpan<byte> status, ReadOnlySpan<byte> name)
    {
        if (status.IndexOf(name) is not (>= 0 and var at))
            return null;
        long number = 0;
        var rest = status[(at + name.Length)..].TrimStart(" \t"u8);
        for (var index = 0; index < rest.Length && rest[index] is >= (byte)'0' and <= (byte)'9'; index++)
            number = (number * 10) + rest[index] - '0';
        return number;
    }
}
