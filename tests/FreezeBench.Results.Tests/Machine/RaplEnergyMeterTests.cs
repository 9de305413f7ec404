using System.Globalization;
using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

/// <summary>On made-up trees in the form that Linux gives /sys/class/powercap.</summary>
public sealed class RaplEnergyMeterTests : IDisposable
{
    private const long Range = 262_143_328_850; // Of an Intel server.

    private readonly Temporary system = new();

    public void Dispose() => system.Dispose();

    [Fact]
    public void Energy_CountsFromTheMetersOpening()
    {
        Zone("intel-rapl:0", "package-0", 5_000_000);
        var meter = RaplEnergyMeter.TryOpen(system.Folder)!;
        Assert.Equal(0, meter.ReadJoules());

        Energy("intel-rapl:0", 7_500_000);
        Assert.Equal(("rapl", 2.5), (meter.Source, meter.ReadJoules()));
    }

    [Fact]
    public void CounterThatWrapsAround_GoesOn()
    {
        Zone("intel-rapl:0", "package-0", Range - 1_000_000);
        var meter = RaplEnergyMeter.TryOpen(system.Folder)!;

        Energy("intel-rapl:0", 500_000);
        Assert.Equal(1.5, meter.ReadJoules());
        Energy("intel-rapl:0", Range - 500_000);
        Assert.Equal(1.5 + (Range - 1_000_000) / 1e6, meter.ReadJoules()!.Value, 1e-6);
        Energy("intel-rapl:0", 0);
        Assert.Equal(1.5 + (Range - 500_000) / 1e6, meter.ReadJoules()!.Value, 1e-6);
    }

    [Fact]
    public void Packages_AreSummed_EachWithItsOwnWrap()
    {
        Zone("intel-rapl:0", "package-0", 1_000_000);
        Zone("intel-rapl:1", "package-1-die-0", 65_000_000, range: 65_532_610);
        var meter = RaplEnergyMeter.TryOpen(system.Folder)!;

        Energy("intel-rapl:0", 4_000_000);
        Energy("intel-rapl:1", 467_390);
        Assert.Equal((2, 4.0), (meter.Packages, meter.ReadJoules()));
    }

    [Fact]
    public void PartsOfAPackage_AndWhatHoldsIt_AreNotCountedTwice()
    {
        string[] others = ["intel-rapl:0:0", "intel-rapl:0:1", "intel-rapl:0:2", "intel-rapl:1", "intel-rapl-mmio:0", "dtpm"];
        Zone("intel-rapl:0", "package-0", 0);
        foreach (var (zone, name) in others.Zip(["core", "uncore", "dram", "psys", "package-0", "package-0"]))
            Zone(zone, name, 0);
        // The control type itself, which has no counter.
        Directory.CreateDirectory(Path.Combine(system.Folder, "intel-rapl"));
        var meter = RaplEnergyMeter.TryOpen(system.Folder)!;

        foreach (var zone in others.Append("intel-rapl:0"))
            Energy(zone, 2_000_000);
        Assert.Equal((1, 2.0), (meter.Packages, meter.ReadJoules()));
    }

    [Fact]
    public void OnePackageThatThisUserMayNotRead_LeavesAllUnknown()
    {
        Zone("intel-rapl:0", "package-0", 0);
        Zone("intel-rapl:1", "package-1", 0);
        Unreadable("intel-rapl:1");

        Assert.Null(RaplEnergyMeter.TryOpen(system.Folder));
    }

    [Fact]
    public void PackageThatCannotBeReadAnyMore_LeavesTheEnergyUnknown()
    {
        Zone("intel-rapl:0", "package-0", 0);
        var meter = RaplEnergyMeter.TryOpen(system.Folder)!;
        Unreadable("intel-rapl:0");

        Assert.Null(meter.ReadJoules());
    }

    [Theory]
    [InlineData("energy_uj", "")]
    [InlineData("energy_uj", "much")]
    [InlineData("max_energy_range_uj", "-1")]
    public void FileThatHoldsNoNumber_LeavesAllUnknown(string file, string text)
    {
        Zone("intel-rapl:0", "package-0", 0);
        File.WriteAllText(Path.Combine(system.Folder, "intel-rapl:0", file), text);

        Assert.Null(RaplEnergyMeter.TryOpen(system.Folder));
    }

    [Fact]
    public void MachineWithoutPackages_HasNoMeter()
    {
        Assert.Null(RaplEnergyMeter.TryOpen(system.Folder));
        Assert.Null(RaplEnergyMeter.TryOpen(Path.Combine(system.Folder, "missing")));

        Zone("intel-rapl:0", "psys", 0);
        Assert.Null(RaplEnergyMeter.TryOpen(system.Folder));
    }

    private void Zone(string zone, string name, long microjoules, long range = Range)
    {
        var folder = Directory.CreateDirectory(Path.Combine(system.Folder, zone)).FullName;
        File.WriteAllText(Path.Combine(folder, "name"), name + "\n");
        File.WriteAllText(Path.Combine(folder, "max_energy_range_uj"), Text(range));
        Energy(zone, microjoules);
    }

    private void Energy(string zone, long microjoules) => File.WriteAllText(Path.Combine(system.Folder, zone, "energy_uj"), Text(microjoules));

    // A folder in the file's place: root, as whom tests often run, may read every file.
    private void Unreadable(string zone)
    {
        var path = Path.Combine(system.Folder, zone, "energy_uj");
        File.Delete(path);
        Directory.CreateDirectory(path);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture) + "\n";
}
