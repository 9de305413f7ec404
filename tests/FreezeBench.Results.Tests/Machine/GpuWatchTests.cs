using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public sealed class GpuWatchTests
{
    [Fact]
    public void MeasuredSpan_ShowsTheStateOfItsEnd()
    {
        using var nvml = NvmlStandIn.Open();
        var watch = new GpuWatch(nvml.Devices[0]);
        watch.BeginSpan();
        watch.EndSpan();

        Assert.Equal(new WatchedState { Throttled = true, TemperatureMaxC = 61, ClockMinMhz = 1410, ClockStartMhz = 1410, ClockEndMhz = 1410, ThrottleReasons = "sw_thermal_slowdown" }, watch.State);
        Assert.Equal(new MeasuredMemory(0, MemorySource.ProcessGrowth), watch.PeakMemory);
    }

    [Fact]
    public void OutsideOfMeasuredSpans_NothingCounts()
    {
        using var nvml = NvmlStandIn.Open();
        var watch = new GpuWatch(nvml.Devices[0]);
        watch.Sample();

        Assert.Equal((WatchedState.None, null), (watch.State, watch.PeakMemory));
    }

    // The stand-in's figures grow at each question: as many were asked as the growth has steps. One more of the whole GPU's: its facts have its size.
    [Theory]
    [InlineData("-DGROWING", MemorySource.ProcessGrowth)]
    [InlineData("-DGROWING -DCONTAINER", MemorySource.CardGrowth)]
    public void Memory_IsWhatTheSpanHasTaken_AndIsAskedForAtItsEndAlone(string switches, MemorySource source)
    {
        using var nvml = NvmlStandIn.Open(switches.Split(' '));
        var watch = new GpuWatch(nvml.Devices[0]);
        watch.BeginSpan();
        for (var sample = 0; sample < 5; sample++)
            watch.Sample();
        watch.EndSpan();

        Assert.Equal(new MeasuredMemory(1_000_000_000, source), watch.PeakMemory);
    }

    // The stand-in's clock falls by 200 MHz at each question: one where the watch begins, one before the first span, one in it and one at the end of each.
    [Fact]
    public void ClockAtTheStartAndTheEnd_IsReadOutsideOfTheSpans()
    {
        using var nvml = NvmlStandIn.Open("-DSLOWING");
        var watch = new GpuWatch(nvml.Devices[0]);
        watch.BeginSpan();
        watch.Sample();
        watch.EndSpan();
        watch.BeginSpan();
        watch.EndSpan();
        watch.Sample();

        Assert.Equal((1780, 1180), (watch.State.ClockStartMhz, watch.State.ClockEndMhz));
    }

    [Fact]
    public void ClockOfAGpuThatHasGoneIdle_IsNoStartAndNoEnd()
    {
        using var nvml = NvmlStandIn.Open("-DIDLE");
        var watch = new GpuWatch(nvml.Devices[0]);
        watch.BeginSpan();
        watch.EndSpan();

        Assert.Equal((null, null, false), (watch.State.ClockStartMhz, watch.State.ClockEndMhz, watch.State.Throttled));
    }

    [Fact]
    public void NoGpu_NoKnowledge()
    {
        var blind = new GpuWatch(null);
        blind.BeginSpan();
        blind.EndSpan();

        Assert.Equal((WatchedState.None, null), (blind.State, blind.PeakMemory));
    }

    [Fact]
    public void Samples_GiveTheHottest_TheSlowest_AndAllReasons()
    {
        var watch = new GpuWatch(null);
        watch.Add(new GpuState { TemperatureCelsius = 70, SmClockMhz = 1980, Throttling = ThrottleReasons.SwPowerCap | ThrottleReasons.SyncBoost });
        watch.Add(new GpuState { TemperatureCelsius = 61, SmClockMhz = 1200, Throttling = ThrottleReasons.HwSlowdown | ThrottleReasons.HwThermalSlowdown });
        watch.Add(new GpuState());

        Assert.Equal(new WatchedState { Throttled = true, TemperatureMaxC = 70, ClockMinMhz = 1200, ThrottleReasons = "hw_slowdown+hw_thermal_slowdown+sw_power_cap" }, watch.State);
    }

    [Fact]
    public void ClockOfAnIdleGpu_IsNoneItWorkedAt()
    {
        var watch = new GpuWatch(null);
        watch.Add(new GpuState { SmClockMhz = 210, Throttling = ThrottleReasons.GpuIdle });
        Assert.Equal(new WatchedState { Throttled = false, ThrottleReasons = "none" }, watch.State);

        watch.Add(new GpuState { SmClockMhz = 1980, Throttling = ThrottleReasons.None });
        Assert.Equal(1980, watch.State.ClockMinMhz);
    }

    [Fact]
    public void EveryReasonThatCountsAsThrottling_HasAName_AndNoOther()
    {
        var counted = Enum.GetValues<ThrottleReasons>().Where(reason => reason != ThrottleReasons.None && GpuState.CountedAsThrottling.HasFlag(reason)).ToList();

        Assert.Equal(
            ThrottleReasonNames.All.Except([ThrottleReasonNames.CpuPackageHeat]),
            counted.Select(ThrottleReasonNames.Text).Order(StringComparer.Ordinal));
        Assert.Equal(ThrottleReasonNames.All.Order(StringComparer.Ordinal), ThrottleReasonNames.All);
        Assert.Equal("none", ThrottleReasonNames.Text(~GpuState.CountedAsThrottling));
    }
}
