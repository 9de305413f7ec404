namespace FreezeBench.Results.Machine;

/// <summary>Whether the kernel has killed a process for want of memory since a moment: who is killed is told nothing, and anybody may kill.</summary>
public sealed class MemoryKills
{
    private readonly Func<long?> count;
    private readonly long? start;

    /// <summary>From now on.</summary>
    public MemoryKills() : this(() => OperatingSystem.IsLinux() ? new ControlGroups().Kills() : null)
    {
    }

    /// <summary>The same with another counter, for tests.</summary>
    internal MemoryKills(Func<long?> count) => (this.count, start) = (count, count());

    /// <summary>Whether there was one; null where the kernel does not count.</summary>
    public bool? Any => start is { } before && count() is { } now ? now > before : null;
}
