using System.Globalization;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using Xunit;

namespace FreezeBench.Accuracy.Tests.Runs;

/// <summary>Energy and state in the rows of a run, on made-up counters in the form that Linux gives /sys.</summary>
public sealed class DeviceStateTests
{
    private const int StepsPerEpoch = 3; // 20 images in batches of 8

    [Fact]
    public void RunThatWasResumed_HasTheEnergyOfAllItsEpochs_AndTheStateSinceThen()
    {
        // A network of whose epochs each takes longer than the 20 ms of which the counters are told.
        using var run = new StoppableRun(Runner.InAnyProcess, ["--policies", "fine-tune", "--epochs", "2"]);
        var microjoules = 0L;
        void Use(int joules) => Write(run, "class/powercap/intel-rapl:0/energy_uj", microjoules += joules * 1_000_000L);
        Write(run, "class/powercap/intel-rapl:0/name", "package-0");
        Write(run, "class/powercap/intel-rapl:0/max_energy_range_uj", 1_000_000_000);
        Write(run, "class/thermal/thermal_zone0/type", "x86_pkg_temp");
        Write(run, "class/thermal/thermal_zone0/temp", 91_000);
        Write(run, "devices/system/cpu/cpu0/thermal_throttle/package_throttle_count", 5);
        Use(1);

        using var stop = new CancellationTokenSource();
        run.Train(
            new Watcher
            {
                OnStep = _ => Use(2),
                OnEpoch = _ =>
                {
                    Write(run, "devices/system/cpu/cpu0/thermal_throttle/package_throttle_count", 6);
                    stop.Cancel();
                },
            },
            stop);
        Write(run, "class/thermal/thermal_zone0/temp", 55_000);
        Use(1000);
        run.Train(new Watcher { OnStep = _ => Use(4) });

        Assert.Equal([(2.0 * StepsPerEpoch, "rapl"), (4.0 * StepsPerEpoch, "rapl")], run.Store.Read<AccuracyRow>().Select(row => (row.EnergyJ, row.EnergySource)));
        var ends = run.Store.Read<RunRow>();
        Assert.Equal(
            [(RunRow.Interrupted, 6.0, true, "cpu_package_thermal", 91.0), (RunRow.Finished, 18.0, false, "none", 55.0)],
            ends.Select(end => (end.Status, end.EnergyJ, end.Throttled, end.ThrottleReasons, end.TemperatureMaxC)));
        Assert.Equal(["rapl", "rapl"], ends.Select(end => end.EnergySource));
    }

    [Fact]
    public void MachineThatTellsNothing_LeavesAllUnknown()
    {
        using var run = new StoppableRun("--policies", "frozen-cached", "--epochs", "1");
        var end = Assert.Single(run.Train(new Watcher()));

        Assert.Equal((null, "unknown", null, "unknown", null, null), (end.EnergyJ, end.EnergySource, end.Throttled, end.ThrottleReasons, end.TemperatureMaxC, end.ClockMinMhz));
        Assert.Equal((null, "unknown"), (run.Store.Read<AccuracyRow>()[0].EnergyJ, run.Store.Read<AccuracyRow>()[0].EnergySource));
    }

    private static void Write(StoppableRun run, string path, object value)
    {
        var file = Path.Combine(run.SystemRoot, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $"{value}\n"));
    }

    [Fact]
    public void OtherPrograms_AreWatchedByEpoch_AndOverTheRun()
    {
        // The run's own watch begins first; half of this machine's cores are busy in the first epoch, none in the second.
        var watches = new Queue<int>([25, 50, 0]);
        OtherLoad Watch()
        {
            var (busy, read) = (watches.Dequeue(), 0);
            return new OtherLoad(() => read++ == 0 ? "cpu  0 0 0 0 0 0 0 0 0 0" : $"cpu  {busy * Environment.ProcessorCount} 0 0 {(100 - busy) * Environment.ProcessorCount} 0 0 0 0 0 0", () => "1 (test) S 1 1 1 0 -1 4194560 99 98 97 96 0 0 0 0 20 0 12 0");
        }
        using var run = new StoppableRun("--policies", "frozen-cached", "--epochs", "2") { WatchOthers = Watch };

        var end = Assert.Single(run.Train(new Watcher()));

        Assert.Equal([0.5 * Environment.ProcessorCount, 0], run.Store.Read<AccuracyRow>().Select(row => row.OthersBusyCores));
        Assert.Equal(0.25 * Environment.ProcessorCount, end.OthersBusyCores);
    }
}
