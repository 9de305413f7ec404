using System.Globalization;

namespace FreezeBench.Results.Machine;

/// <summary>
/// How many cores other programs keep busy, from its creation on. Two threads of libtorch that share their cores with a
/// third busy one wait for each other at every layer: steps then take 3 to 20 times as long, and no noise verdict shows it.
/// </summary>
/// <remarks>The work of this process and of its children that have ended is not counted.</remarks>
public sealed class OtherLoad
{
    /// <summary>Cores that others may keep busy while something is measured: a desktop at rest stays below; one busy program is 1.</summary>
    public const double ToleratedCores = 0.25;

    /// <summary>Whether others kept more cores busy than that; not where nobody knows how many.</summary>
    public static bool IsTooMuch(double? busyCores) => busyCores > ToleratedCores;

    private readonly Func<string?> readStatistics;
    private readonly Func<string?> readProcess;
    private readonly (double Busy, double Total)? start;
    private readonly double? ownStart;

    /// <summary>Starts to watch this machine.</summary>
    public OtherLoad() : this(() => FirstLine("/proc/stat"), () => FirstLine("/proc/self/stat"))
    {
    }

    /// <summary>Starts to watch a machine by what it tells.</summary>
    /// <param name="readStatistics">First line of its /proc/stat; null: it tells nothing.</param>
    /// <param name="readProcess">First line of this process's /proc/self/stat.</param>
    public OtherLoad(Func<string?> readStatistics, Func<string?> readProcess)
    {
        this.readStatistics = readStatistics;
        this.readProcess = readProcess;
        start = Parse(readStatistics());
        ownStart = OwnTicks(readProcess());
    }

    /// <summary>Cores kept busy by others since the start, 0 or more; null where the system does not tell or too little time has passed.</summary>
    public double? BusyCores()
    {
        if (start is not { } before || Parse(readStatistics()) is not { } now || now.Total <= before.Total
            || ownStart is not { } ownBefore || OwnTicks(readProcess()) is not { } own)
            return null;
        // Everything is in the kernel's published ticks (USER_HZ, proc(5)), so their length cancels.
        var ticksPerCore = (now.Total - before.Total) / Environment.ProcessorCount;
        return Math.Max(0, (now.Busy - before.Busy - (own - ownBefore)) / ticksPerCore);
    }

    private static string? FirstLine(string path) => OperatingSystem.IsLinux() ? SystemFile.Lines(path)?[0] : null;

    // "pid (name) state ppid ... utime stime cutime cstime ...": fields 14 to 17; the name may hold spaces and brackets.
    private static double? OwnTicks(string? process)
    {
        var fields = process?[(process.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is { Length: >= 15 } ? fields[11..15].Sum(Ticks) : null;
    }

    private static double Ticks(string field) => double.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static (double Busy, double Total)? Parse(string? statistics)
    {
        // "cpu  user nice system idle iowait irq softirq steal guest guest_nice"; guest time is part of user already.
        var fields = statistics?.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields is not ["cpu", ..] || fields.Length < 9)
            return null;
        var ticks = fields[1..9].Select(Ticks).ToArray();
        var idle = ticks[3] + ticks[4];
        return (ticks.Sum() - idle, ticks.Sum());
    }
}
