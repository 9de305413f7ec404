using System.Text.RegularExpressions;

namespace FreezeBench.Results.Machine;

/// <summary>Energy of all CPU packages, from the counters that Linux publishes below /sys/class/powercap.</summary>
/// <remarks>
/// Documentation/power/powercap/powercap.rst of Linux: a zone is a folder with <c>name</c>, <c>energy_uj</c> and
/// <c>max_energy_range_uj</c>. <c>intel-rapl:N</c> is a zone of the first level, on AMD too; only those named <c>package-...</c> are
/// counted. Their parts (<c>intel-rapl:0:0</c>: core, uncore) are in them already, <c>psys</c> has them in it, and
/// <c>intel-rapl-mmio:N</c> is the same package seen through another register. Memory (dram) is beside the package and left
/// out, because only servers have it. Since 2020 only root may read the counters (CVE-2020-8694).
/// <para>
/// A counter goes back to zero after its range, as little as 65 kJ, which a server's package uses in some minutes: the meter
/// has to be read more often than that.
/// </para>
/// </remarks>
public sealed partial class RaplEnergyMeter : EnergyMeter
{
    private const double MicrojoulesPerJoule = 1e6;

    private readonly IReadOnlyList<Package> packages;

    private RaplEnergyMeter(IReadOnlyList<Package> packages) => this.packages = packages;

    /// <inheritdoc/>
    public override string Source => Rapl;

    // The counters move about once a millisecond (Intel SDM, volume 3, on RAPL interfaces): 20 times.
    /// <inheritdoc/>
    public override TimeSpan ShortestSpan { get; } = TimeSpan.FromMilliseconds(20);

    /// <summary>CPU packages that are counted.</summary>
    public int Packages => packages.Count;

    /// <summary>Opens the counters.</summary>
    /// <param name="root">The folder of the zones.</param>
    /// <returns>Null where there is no package or this user may not read every one: a part of the energy would pass for all of it.</returns>
    public static RaplEnergyMeter? TryOpen(string root = "/sys/class/powercap")
    {
        if (!Directory.Exists(root))
            return null;
        List<Package> packages = [];
        foreach (var folder in Directory.EnumerateDirectories(root).Where(folder => FirstLevel().IsMatch(Path.GetFileName(folder))).Order(StringComparer.Ordinal))
        {
            if (SystemFile.Lines(Path.Combine(folder, "name")) is not [var name, ..] || !name.StartsWith("package-", StringComparison.Ordinal))
                continue;
            if (SystemFile.Number(Path.Combine(folder, "max_energy_range_uj")) is not { } range || SystemFile.Number(Path.Combine(folder, "energy_uj")) is not { } start)
                return null;
            packages.Add(new Package(Path.Combine(folder, "energy_uj"), range) { Last = start });
        }
        return packages.Count > 0 ? new RaplEnergyMeter(packages) : null;
    }

    /// <inheritdoc/>
    protected override double? Read()
    {
        var microjoules = 0.0;
        foreach (var package in packages)
        {
            if (SystemFile.Number(package.Path) is not { } now)
                return null;
            // Below the reading before: it went past its range and began at zero.
            package.Used += now >= package.Last ? now - package.Last : package.Range - package.Last + now;
            package.Last = now;
            microjoules += package.Used;
        }
        return microjoules / MicrojoulesPerJoule;
    }

    [GeneratedRegex("^intel-rapl:[0-9]+$")]
    private static partial Regex FirstLevel();

    private sealed class Package(string path, long range)
    {
        internal string Path => path;

        internal long Range => range;

        internal required long Last { get; set; }

        internal double Used { get; set; }
    }
}
