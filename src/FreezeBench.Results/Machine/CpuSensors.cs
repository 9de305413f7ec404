using System.Globalization;

namespace FreezeBench.Results.Machine;

/// <summary>What Linux tells below /sys of the CPU's temperature, clocks and throttling. Only what is certainly the CPU's.</summary>
/// <remarks>Looked for once; reading opens the files that were found. A virtual machine mostly has none.</remarks>
public sealed class CpuSensors
{
    // Documentation/hwmon: coretemp (Intel) labels each package "Package id N". k10temp (AMD) has Tdie where Tctl is not the
    // real temperature but shifted for the fan; Tccd is that of each chiplet's die. Tctl alone is "on an arbitrary scale".
    private static readonly (string Chip, string Label)[] certain = [("coretemp", "Package id"), ("k10temp", "Tdie"), ("k10temp", "Tccd")];

    private static readonly string[] certainZones = ["x86_pkg_temp", "cpu-thermal", "cpu_thermal"];

    private readonly List<string> temperatures;
    private readonly List<string> clocks;
    private readonly List<string> throttleCounts;

    private CpuSensors(string root)
    {
        temperatures = Temperatures(root);
        var cpus = Folders(Path.Combine(root, "devices", "system", "cpu"), "cpu").Where(folder => Path.GetFileName(folder)[3..].All(char.IsAsciiDigit)).ToList();
        clocks = [.. cpus.Select(cpu => Path.Combine(cpu, "cpufreq", "scaling_cur_freq")).Where(File.Exists)];
        throttleCounts = [.. cpus.Select(cpu => Path.Combine(cpu, "thermal_throttle", "package_throttle_count")).Where(File.Exists)];
    }

    /// <summary>Whether there is nothing to read.</summary>
    public bool IsEmpty => temperatures.Count + clocks.Count + throttleCounts.Count == 0;

    /// <summary>Finds the sensors.</summary>
    /// <param name="root">The folder that Linux mounts at /sys; elsewhere there are none.</param>
    public static CpuSensors Find(string root = "/sys") => new(root);

    /// <summary>Temperature of the hottest package in degrees Celsius; null where no sensor is certain or answers.</summary>
    public double? ReadTemperatureC() => Numbers(temperatures) is { Count: > 0 } millidegrees ? millidegrees.Max() / 1000.0 : null;

    /// <summary>Clock in MHz of the slowest core at work, if the <paramref name="busy"/> fastest ones are those at work; an idle core's clock says nothing.</summary>
    /// <param name="busy">Threads that work, 1 or more.</param>
    /// <returns>Null where fewer cores than threads tell their clock.</returns>
    public double? ReadClockMhz(int busy)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(busy, 1);
        var kilohertz = Numbers(clocks);
        return kilohertz.Count < busy ? null : kilohertz.OrderDescending().ElementAt(busy - 1) / 1000.0;
    }

    /// <summary>How often packages slowed themselves down for heat since the system started, summed over CPUs; null where nobody counts.</summary>
    public long? ReadThrottleCount() => Numbers(throttleCounts) is { Count: > 0 } counts && counts.Count == throttleCounts.Count ? counts.Sum() : null;

    private static List<string> Temperatures(string root)
    {
        foreach (var (chip, label) in certain)
        {
            var inputs = Folders(Path.Combine(root, "class", "hwmon"), "hwmon").Where(folder => SystemFile.Lines(Path.Combine(folder, "name")) is [var name, ..] && name == chip)
                .SelectMany(folder => Directory.EnumerateFiles(folder, "temp*_label"))
                .Where(file => SystemFile.Lines(file) is [var text, ..] && text.StartsWith(label, StringComparison.Ordinal))
                .Select(file => file[..^"label".Length] + "input").ToList();
            if (inputs.Count > 0)
                return inputs;
        }
        return
        [
            .. Folders(Path.Combine(root, "class", "thermal"), "thermal_zone")
                .Where(folder => SystemFile.Lines(Path.Combine(folder, "type")) is [var type, ..] && certainZones.Contains(type))
                .Select(folder => Path.Combine(folder, "temp")),
        ];
    }

    private static IEnumerable<string> Folders(string parent, string prefix) =>
        Directory.Exists(parent) ? Directory.EnumerateDirectories(parent).Where(folder => Path.GetFileName(folder).StartsWith(prefix, StringComparison.Ordinal)) : [];

    private static List<long> Numbers(List<string> files) => [.. files.Select(file => SystemFile.Number(file, NumberStyles.AllowLeadingSign)).OfType<long>()];
}
