using System.Globalization;

namespace FreezeBench.Results.Machine;

/// <summary>
/// How many cores other programs keep busy, from its creation on. Two threads of libtorch that share their cores with a
/// third busy one wait for each other at every layer: steps then take 3 to 20 times as long, and no noise verdict shows it.
/// </summary>
public sealed class OtherLoad
{
    private readonly (double Busy, double Total)? start;
    private readonly TimeSpan ownStart = Environment.CpuUsage.TotalTime;
    private readonly Func<string?> readStatistics;

    /// <summary>Starts to watch this machine.</summary>
    public OtherLoad() : this(() => OperatingSystem.IsLinux() ? SystemFile.Lines("/proc/stat")?[0] : null)
    {
    }

    /// <summary>The same on made-up statistics, for tests.</summary>
    internal OtherLoad(Func<string?> readStatistics)
    {
        this.readStatistics = readStatistics;
        start = Parse(readStatistics());
    }

    /// <summary>Cores kept busy by others since the start, 0 or more; null where the system does not tell or too little time has passed.</summary>
    public double? BusyCores() => BusyCores(Environment.CpuUsage.TotalTime - ownStart);

    /// <summary>The same with this process's own use given.</summary>
    internal double? BusyCores(TimeSpan own)
    {
        if (start is not { } before || Parse(readStatistics()) is not { } now || now.Total <= before.Total)
            return null;
        // Both are in the kernel's ticks of 1/100 s (proc(5), USER_HZ), summed over all cores.
        var seconds = (now.Total - before.Total) / 100 / Environment.ProcessorCount;
        return Math.Max(0, ((now.Busy - before.Busy) / 100 - own.TotalSeconds) / seconds);
    }

    private static (double Busy, double Total)? Parse(string? statistics)
    {
        // "cpu  user nice system idle iowait irq softirq steal guest guest_nice"; guest time is part of user already.
        var fields = statistics?.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields is not ["cpu", ..] || fields.Length < 9)
            return null;
        var ticks = fields[1..9].Select(field => double.TryParse(field, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0).ToArray();
        var idle = ticks[3] + ticks[4];
        return (ticks.Sum() - idle, ticks.Sum());
    }
}
