using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public sealed class NvmlTests
{
    [Fact]
    public void Gpu_IsDescribed()
    {
        using var nvml = NvmlStandIn.Open();

        Assert.Equal(Examples.Gpu.Gpu, Assert.Single(nvml.Devices).Facts);
        Assert.Equal("GPU-00000000-0000", nvml.Devices[0].Uuid);
    }

    [Fact]
    public void State_IsRead()
    {
        using var nvml = NvmlStandIn.Open();

        Assert.Equal(
            new GpuState
            {
                SmClockMhz = 1410,
                TemperatureCelsius = 61,
                PowerMilliwatts = 350_000,
                EnergyMillijoules = 12_345_678_901,
                Throttling = ThrottleReasons.SwThermalSlowdown | ThrottleReasons.ApplicationsClocksSetting,
                UsedMemoryBytes = 5_000_000_000,
                ProcessMemoryBytes = 3_000_000_000,
            },
            nvml.Devices[0].ReadState());
    }

    [Theory]
    [InlineData("-DERRORS")]
    [InlineData("-DLOST")]
    public void RefusedQueries_LeaveEverythingUnknown(string variant)
    {
        using var nvml = NvmlStandIn.Open(variant);

        var device = Assert.Single(nvml.Devices);
        Assert.Equal(GpuFacts.None, device.Facts);
        Assert.Equal("unknown", device.Uuid);
        Assert.Equal(new GpuState(), device.ReadState());
    }

    [Fact]
    public void MissingFunctions_LeaveOnlyTheirFactsUnknown()
    {
        using var nvml = NvmlStandIn.Open("-DOLD_DRIVER");

        Assert.Equal(new GpuFacts { Name = "NVIDIA H100 80GB HBM3" }, Assert.Single(nvml.Devices).Facts);
        Assert.Equal(new GpuState(), nvml.Devices[0].ReadState());
    }

    // Functions that NVIDIA has announced to remove stay in the library and refuse.
    [Fact]
    public void WhatCuda14Removes_IsAskedByItsNewNames()
    {
        using var nvml = NvmlStandIn.Open("-DCUDA14");

        Assert.Equal((61, ThrottleReasons.SwThermalSlowdown | ThrottleReasons.SwPowerCap), (nvml.Devices[0].ReadSensors().TemperatureCelsius, nvml.Devices[0].ReadSensors().Throttling));
    }

    [Fact]
    public void NameOf96Characters_IsKeptWhole()
    {
        using var nvml = NvmlStandIn.Open("-DLONG_NAME");

        Assert.Equal(new string('x', 96), nvml.Devices[0].Facts.Name);
        Assert.Matches("^x{40}-[0-9a-f]{8}$", (Examples.Gpu with { Gpu = nvml.Devices[0].Facts }).Id);
    }

    [Fact]
    public void DividedGpu_IsNotTakenForTheWholeOne()
    {
        using var nvml = NvmlStandIn.Open("-DMIG");

        Assert.Equal("NVIDIA H100 80GB HBM3 (MIG slice)", nvml.Devices[0].Facts.Name);
        Assert.Null(nvml.Devices[0].Facts.MemoryBytes);
        Assert.NotEqual(Examples.Gpu.Id, (Examples.Gpu with { Gpu = nvml.Devices[0].Facts }).Id);
    }

    [Fact]
    public void LibraryThatIsMissingOrDoesNotStart_IsNull()
    {
        Assert.Null(Nvml.TryOpen("no-such-library.so"));
        Assert.Null(Nvml.TryOpen(NvmlStandIn.Library("-DFAIL_INIT")));
    }

    [Theory]
    [InlineData(ThrottleReasons.None, false)]
    [InlineData(ThrottleReasons.GpuIdle, false)]
    [InlineData(ThrottleReasons.ApplicationsClocksSetting, false)]
    [InlineData(ThrottleReasons.SyncBoost, false)]
    [InlineData(ThrottleReasons.DisplayClockSetting, false)]
    [InlineData(ThrottleReasons.SwPowerCap, true)]
    [InlineData(ThrottleReasons.HwSlowdown, true)]
    [InlineData(ThrottleReasons.SwThermalSlowdown, true)]
    [InlineData(ThrottleReasons.HwThermalSlowdown, true)]
    [InlineData(ThrottleReasons.HwPowerBrakeSlowdown, true)]
    [InlineData(ThrottleReasons.GpuIdle | ThrottleReasons.HwSlowdown, true)]
    public void Throttling_CountsHeatAndPowerOnly(ThrottleReasons reasons, bool throttled) =>
        Assert.Equal(throttled, (reasons & GpuState.CountedAsThrottling) != 0);

    [Fact]
    public void DividedGpu_SaysSo()
    {
        using var nvml = NvmlStandIn.Open();
        using var divided = NvmlStandIn.Open("-DMIG");

        Assert.False(nvml.Devices[0].IsDivided);
        Assert.True(divided.Devices[0].IsDivided);
    }
}
