using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public sealed class NvmlEnergyTests
{
    [Fact]
    public void Counter_IsReadInJoules_FromTheMetersOpeningOn()
    {
        using var nvml = NvmlStandIn.Open("-DCOUNTING");
        var meter = EnergyMeter.Of(nvml.Devices[0])!;

        Assert.Equal("nvml", meter.Source);
        Assert.Equal([0.25, 0.5, 0.75], [meter.ReadJoules(), meter.ReadJoules(), meter.ReadJoules()]);
    }

    [Fact]
    public void DriverThatWasLoadedAnew_LeavesTheEnergyUnknown()
    {
        using var nvml = NvmlStandIn.Open("-DRELOADED");
        var meter = EnergyMeter.Of(nvml.Devices[0])!;

        Assert.Equal([0.25, null], [meter.ReadJoules(), meter.ReadJoules()]);
    }

    [Fact]
    public void GpuWithoutACounter_IsMeasuredByItsPower()
    {
        using var nvml = NvmlStandIn.Open("-DNO_COUNTER");

        Assert.Equal(("nvml-power", 0.0), (EnergyMeter.Of(nvml.Devices[0])!.Source, EnergyMeter.Of(nvml.Devices[0])!.ReadJoules()));
    }

    [Theory]
    [InlineData("-DERRORS")]
    [InlineData("-DOLD_DRIVER")]
    [InlineData("-DLOST")]
    [InlineData("-DMIG")]
    public void GpuThatTellsNeither_OrIsDivided_HasNoMeter(string variant)
    {
        using var nvml = NvmlStandIn.Open(variant);

        Assert.Null(EnergyMeter.Of(nvml.Devices[0]));
        Assert.Null(EnergyMeter.Of(null));
    }

    [Fact]
    public void Power_IsSummedBetweenReadings()
    {
        var (time, milliwatts) = (new ManualTime(), 100_000L);
        var meter = new NvmlPowerMeter(() => milliwatts, time);
        Assert.Equal(0, meter.ReadJoules());

        time.Advance(2);
        Assert.Equal(200, meter.ReadJoules());
        milliwatts = 300_000;
        time.Advance(1);
        // From 100 W to 300 W in a second.
        Assert.Equal(400, meter.ReadJoules());
    }

    [Fact]
    public void PowerReadingThatFails_EndsTheSum_ForAPartWouldPassForTheWhole()
    {
        var (time, milliwatts) = (new ManualTime(), (long?)100_000);
        var meter = new NvmlPowerMeter(() => milliwatts, time);
        meter.ReadJoules();
        milliwatts = null;
        Assert.Null(meter.ReadJoules());
        milliwatts = 100_000;

        Assert.Null(meter.ReadJoules());
    }
}
