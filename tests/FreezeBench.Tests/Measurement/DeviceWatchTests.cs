using FreezeBench.Measurement;
using FreezeBench.Results.Machine;
using FreezeBench.Torch.Hardware;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Measurement;

public class DeviceWatchTests
{
    private static readonly DeviceChoice cpu = new(DeviceType.CPU, 0, "as asked");

    [Fact]
    public void CpuWithoutSensors_HasPeakMemory_AndNoKnowledgeOfItsState()
    {
        using var system = new Temporary();
        using var watch = DeviceWatch.Start(cpu, system.Folder);
        watch.Begin();
        watch.End();

        // A process that holds .NET and libtorch is far above 10 MB.
        Assert.True(watch.PeakMemory() is { Bytes: > 10_000_000, Source: MemorySource.ResidentPeak }, $"Peak memory: {watch.PeakMemory()}.");
        Assert.Equal(WatchedState.None, watch.State);
        Assert.Null(watch.Energy);
    }

    [Fact]
    public void CpuWithSensors_IsWatchedInMeasuredSpans()
    {
        using var system = new Temporary();
        void Write(string path, string text)
        {
            var file = system.PathOf(path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text + "\n");
        }
        Write("class/thermal/thermal_zone0/type", "x86_pkg_temp");
        Write("class/thermal/thermal_zone0/temp", "90000");
        Write("devices/system/cpu/cpu0/thermal_throttle/package_throttle_count", "3");
        Write("class/powercap/intel-rapl:0/name", "package-0");
        Write("class/powercap/intel-rapl:0/max_energy_range_uj", "100000000");
        Write("class/powercap/intel-rapl:0/energy_uj", "1000000");

        using var watch = DeviceWatch.Start(cpu, system.Folder);
        Write("class/thermal/thermal_zone0/temp", "61500");
        watch.Begin();
        Write("devices/system/cpu/cpu0/thermal_throttle/package_throttle_count", "4");
        Write("class/powercap/intel-rapl:0/energy_uj", "3500000");
        watch.End();

        Assert.Equal(new WatchedState { Throttled = true, TemperatureMaxC = 61.5, ThrottleReasons = "cpu_package_thermal" }, watch.State);
        Assert.Equal(("rapl", 2.5), (watch.Energy!.Source, watch.Energy.ReadJoules()));
    }

    [Fact]
    public void Peak_DoesNotFall()
    {
        using var watch = DeviceWatch.Start(cpu);
        var before = watch.PeakMemory()!.Bytes;
        using (torch.ones(4_000_000))
        {
        }
        Assert.True(watch.PeakMemory()!.Bytes >= before);
    }

    [Fact]
    public void Dispose_Twice_IsHarmless()
    {
        var watch = DeviceWatch.Start(cpu);
        watch.Dispose();
        watch.Dispose();
    }
}
