using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

/// <summary>CUDA's own word on its devices, by a stand-in that ends the process where a context is made.</summary>
public sealed class CudaDriverTests
{
    [Fact]
    public void Devices_AreDescribed_InCudasOwnOrder()
    {
        var cuda = Cuda();

        Assert.Equal("12.8", cuda.Version);
        Assert.Equal(
            [
                new CudaDevice { Name = "NVIDIA Fast", PciBusId = new(0, 0x66, 0), Uuid = Id(0x50), GpuUuid = Id(0x50), MemoryBytes = 85_000_000_000, ComputeCapability = (9, 0) },
                new CudaDevice { Name = "NVIDIA Slow", PciBusId = new(0, 0x65, 0), Uuid = Id(0x51), GpuUuid = Id(0x51), MemoryBytes = 8_000_000_000, ComputeCapability = (7, 5) },
            ],
            cuda.Devices);
        Assert.DoesNotContain(cuda.Devices, device => device.IsSlice);
    }

    [Fact]
    public void SeveralGpus_AreMatchedByTheirPlaceOnTheBus_WhateverTheOrder()
    {
        using var nvml = NvmlStandIn.Open("-DDEVICES=2", "-DMIXED");

        foreach (var (index, name, board) in new[] { (0, "NVIDIA Fast", 1), (1, "NVIDIA Slow", 0) })
        {
            var (facts, device) = CudaDeviceMatch.Find(nvml.Devices, index, NoVariable, Cuda());
            Assert.Equal((name, board), (facts.Name, device?.Index));
        }
        Assert.Equal((GpuFacts.None, null), CudaDeviceMatch.Find(nvml.Devices, 2, NoVariable, Cuda()));
        Assert.Equal((GpuFacts.None, null), CudaDeviceMatch.Find(nvml.Devices, -1, NoVariable, Cuda()));
    }

    [Fact]
    public void Slice_HasItsOwnNameMemoryAndComputeCapability_AndTheDriversFacts()
    {
        using var nvml = NvmlStandIn.Open("-DDEVICES=2", "-DMIG");

        // By its identifier, which NVML alone cannot follow.
        var (facts, board) = CudaDeviceMatch.Find(nvml.Devices, 0, name => name == "CUDA_VISIBLE_DEVICES" ? "MIG-ab000000-0000-0000-0000-000000000000" : null, Cuda("-DMIG"));

        Assert.Equal(("NVIDIA H100 80GB HBM3 MIG 1g.10gb (MIG slice)", 10_200_547_328, "9.0", "570.86.15"), (facts.Name, facts.MemoryBytes, facts.ComputeCapability, facts.DriverVersion));
        Assert.Equal(0, board?.Index);
        Assert.True(Cuda("-DMIG").Devices[0].IsSlice);
    }

    [Fact]
    public void WithoutNvml_CudaAloneTells()
    {
        var (facts, device) = CudaDeviceMatch.Find([], 1, NoVariable, Cuda());
        Assert.Equal(new GpuFacts { Name = "NVIDIA Slow", MemoryBytes = 8_000_000_000, ComputeCapability = "7.5", CudaDriverVersion = "12.8" }, facts);
        Assert.Null(device);
    }

    [Fact]
    public void Memory_IsWhatIsFreeNow_OfAGpu_AndOfASlice()
    {
        using var nvml = NvmlStandIn.Open("-DDEVICES=2", "-DMIXED");
        using var divided = NvmlStandIn.Open("-DDEVICES=2", "-DMIG");

        Assert.Equal(new DeviceMemory(85_520_809_984, 80_520_809_984), CudaDeviceMatch.Memory(nvml, 0, NoVariable, Cuda()));
        // One whose identifier NVML does not find, and one that is certain by the environment alone: all less what is in use.
        Assert.Equal(new DeviceMemory(85_520_809_984, 80_520_809_984), CudaDeviceMatch.Memory(nvml, 1, NoVariable, Cuda()));
        Assert.Equal(new DeviceMemory(85_520_809_984, 80_520_809_984), CudaDeviceMatch.Memory(nvml, 1, name => name == "CUDA_DEVICE_ORDER" ? "PCI_BUS_ID" : null));
        Assert.Equal(new DeviceMemory(10_200_547_328, 9_000_000_000), CudaDeviceMatch.Memory(divided, 0, NoVariable, Cuda("-DMIG")));
        // Without NVML nobody tells what is in use.
        Assert.Equal(new DeviceMemory(8_000_000_000, 8_000_000_000), CudaDeviceMatch.Memory(null, 1, NoVariable, Cuda()));
        Assert.Null(CudaDeviceMatch.Memory(null, 0, NoVariable));
        Assert.Null(CudaDeviceMatch.Memory(nvml, 5, NoVariable, Cuda()));
    }

    [Fact]
    public void RunOnAGpu_HasTheFactsOfCudasDevice_AndARunOnTheCpuThoseOfNvmlsFirst()
    {
        using var nvml = NvmlStandIn.Open("-DDEVICES=2", "-DMIXED");

        Assert.Equal("NVIDIA Fast", EnvironmentProbe.Capture(Examples.Gpu.Torch, nvml, Cuda()).Gpu.Name);
        Assert.Equal(1, EnvironmentProbe.WatchableDevice(Examples.Gpu.Torch, nvml, Cuda())?.Index);
        Assert.Null(EnvironmentProbe.WatchableDevice(Examples.Cpu.Torch, nvml, Cuda()));
    }

    [Fact]
    public void OldDriver_LeavesUnknownWhatItDoesNotTell()
    {
        var device = Cuda("-DOLD").Devices[0];
        Assert.Equal((null, Id(0x50), Id(0x50)), (device.PciBusId, device.Uuid, device.GpuUuid));
        Assert.Equal([new CudaDevice(), new CudaDevice()], Cuda("-DERRORS").Devices);
        Assert.Equal("unknown", Cuda("-DERRORS").Version);
    }

    [Fact]
    public void DriverThatIsMissingOrDoesNotStart_IsNull_AndOneWithoutGpusHasNone()
    {
        Assert.Null(CudaDriver.TryOpen("no-such-library.so"));
        Assert.Null(CudaDriver.TryOpen(NvmlStandIn.CudaLibrary("-DFAIL_INIT")));
        Assert.Empty(Cuda("-DNO_DEVICES").Devices);
    }

    [Theory]
    [InlineData("00000000:65:00.0", 0, 0x65, 0)]
    [InlineData("0001:0A:1f.0", 1, 0x0a, 0x1f)]
    public void Place_IsReadFromEitherSpelling(string text, int domain, int bus, int device) => Assert.Equal(new PciPlace((uint)domain, (uint)bus, (uint)device), PciPlace.Parse(text));

    [Theory]
    [InlineData("unknown")]
    [InlineData("65:00.0")]
    [InlineData("0000:-1:00.0")]
    public void OtherText_IsNoPlace(string text) => Assert.Null(PciPlace.Parse(text));

    private static CudaDriver Cuda(params string[] switches)
    {
        var cuda = CudaDriver.TryOpen(NvmlStandIn.CudaLibrary(switches));
        Assert.NotNull(cuda);
        return cuda;
    }

    private static Guid Id(byte first) => new($"{first:x2}000000-0000-0000-0000-000000000000");

    private static string? NoVariable(string name) => null;
}
