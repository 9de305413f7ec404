using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

/// <summary>On made-up trees in the form that Linux gives /sys.</summary>
public sealed class CpuSensorsTests : IDisposable
{
    private readonly Temporary system = new();

    public void Dispose() => system.Dispose();

    [Fact]
    public void MachineWithoutSensors_TellsNothing()
    {
        var sensors = Find();

        Assert.True(sensors.IsEmpty);
        Assert.Equal((null, null, null), (sensors.ReadTemperatureC(), sensors.ReadClockMhz(1), sensors.ReadThrottleCount()));
        Assert.True(CpuSensors.Find(Path.Combine(system.Folder, "missing")).IsEmpty);
    }

    [Fact]
    public void IntelsPackages_GiveTheHottest_AndCoresDoNot()
    {
        Chip(0, "nvme", ("Package id 0", "99000"));
        Chip(1, "coretemp", ("Package id 0", "61000"), ("Core 0", "80000"));
        Chip(2, "coretemp", ("Package id 1", "64500"));

        Assert.Equal(64.5, Find().ReadTemperatureC());
    }

    [Fact]
    public void AmdsControlValue_IsNoTemperature_WhereTheDiesIsThere()
    {
        Chip(0, "k10temp", ("Tctl", "88000"), ("Tdie", "61000"), ("Tccd1", "70000"));
        Assert.Equal(61, Find().ReadTemperatureC());
    }

    [Fact]
    public void AmdsChiplets_StandInForTheDie()
    {
        Chip(0, "k10temp", ("Tctl", "88000"), ("Tccd1", "59000"), ("Tccd2", "60250"));
        Assert.Equal(60.25, Find().ReadTemperatureC());
    }

    [Fact]
    public void AmdsControlValueAlone_IsOfNoKnownScale()
    {
        Chip(0, "k10temp", ("Tctl", "88000"));
        Assert.Null(Find().ReadTemperatureC());
    }

    [Theory]
    [InlineData("x86_pkg_temp", 55.0)]
    [InlineData("cpu-thermal", 55.0)]
    [InlineData("acpitz", null)]
    [InlineData("iwlwifi_1", null)]
    public void ThermalZone_CountsWhereItIsTheCpus(string type, double? temperature)
    {
        Write("class/thermal/thermal_zone3/type", type);
        Write("class/thermal/thermal_zone3/temp", "55000");
        Write("class/thermal/cooling_device0/type", "x86_pkg_temp");
        Write("class/thermal/cooling_device0/temp", "99000");

        Assert.Equal(temperature, Find().ReadTemperatureC());
    }

    [Theory]
    [InlineData(1, 3400.5)]
    [InlineData(2, 3300.0)]
    [InlineData(4, 800.0)]
    [InlineData(5, null)]
    public void Clock_IsThatOfTheSlowestCoreAtWork(int busy, double? clock)
    {
        List<string> clocks = ["3300000", "800000", "3400500", "800000"];
        foreach (var (cpu, kilohertz) in clocks.Index())
            Write($"devices/system/cpu/cpu{cpu}/cpufreq/scaling_cur_freq", kilohertz);
        Write("devices/system/cpu/cpufreq/scaling_cur_freq", "9000000");

        Assert.Equal(clock, Find().ReadClockMhz(busy));
    }

    [Fact]
    public void Watch_SeesWhatHappensInMeasuredSpansAlone()
    {
        void State(string temperature, string kilohertz, string count)
        {
            Write("class/thermal/thermal_zone0/type", "x86_pkg_temp");
            Write("class/thermal/thermal_zone0/temp", temperature);
            Write("devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", kilohertz);
            Write("devices/system/cpu/cpu0/thermal_throttle/package_throttle_count", count);
        }
        State("95000", "400000", "3");
        var watch = new CpuWatch(Find(), threads: 1);
        watch.Sample();
        Assert.Equal(WatchedState.None, watch.State);

        State("60000", "3500000", "7");
        watch.BeginSpan();
        watch.Sample();
        State("65000", "3400000", "7");
        watch.EndSpan();
        Assert.Equal(new WatchedState { Throttled = false, TemperatureMaxC = 65, ClockMinMhz = 3400, ThrottleReasons = "none" }, watch.State);

        State("99000", "400000", "9");
        watch.Sample();
        watch.BeginSpan();
        State("66000", "3450000", "10");
        watch.EndSpan();
        watch.BeginSpan();
        watch.EndSpan();
        Assert.Equal(new WatchedState { Throttled = true, TemperatureMaxC = 66, ClockMinMhz = 3400, ThrottleReasons = "cpu_package_thermal" }, watch.State);
    }

    private CpuSensors Find() => CpuSensors.Find(system.Folder);

    private void Chip(int number, string name, params (string Label, string Millidegrees)[] sensors)
    {
        Write($"class/hwmon/hwmon{number}/name", name);
        foreach (var (index, (label, millidegrees)) in sensors.Index())
        {
            Write($"class/hwmon/hwmon{number}/temp{index + 1}_label", label);
            Write($"class/hwmon/hwmon{number}/temp{index + 1}_input", millidegrees);
        }
    }

    private void Write(string path, string text)
    {
        var file = Path.Combine(system.Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text + "\n");
    }
}
