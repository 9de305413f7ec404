using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public sealed class CudaDeviceMatchTests
{
    [Theory]
    [InlineData("-DDEVICES=1", 0, null, null, 0)]
    [InlineData("-DDEVICES=1", 1, null, null, null)]
    [InlineData("-DDEVICES=3", 1, "PCI_BUS_ID", null, 1)]
    [InlineData("-DDEVICES=3", 0, "PCI_BUS_ID", "2,0", 2)]
    [InlineData("-DDEVICES=3", 1, "PCI_BUS_ID", " 2 , 0", 0)]
    [InlineData("-DDEVICES=3", 0, null, "GPU-2", 2)]
    [InlineData("-DDEVICES=3", 1, null, "GPU-1,GPU-00000000-0000", 0)]
    [InlineData("-DDEVICES=3", 0, null, "GPU-", null)] // three GPUs begin like that
    [InlineData("-DDEVICES=3", 1, "PCI_BUS_ID", "2,-1,0", null)] // CUDA stops at the first entry that is no GPU
    [InlineData("-DDEVICES=3", 1, "PCI_BUS_ID", "2,7,0", null)]
    [InlineData("-DDEVICES=3", 0, "PCI_BUS_ID", "1,1", null)]
    [InlineData("-DDEVICES=3", 0, "PCI_BUS_ID", "", null)]
    [InlineData("-DDEVICES=3", 0, "PCI_BUS_ID", "MIG-1", null)]
    public void Device_IsFoundWhereItIsCertain(string gpus, int index, string? order, string? visible, int? expected)
    {
        using var nvml = NvmlStandIn.Open(gpus);

        var (facts, device) = CudaDeviceMatch.Find(nvml.Devices, index, Variables(order, visible));

        Assert.Equal(expected, device?.Index);
        Assert.Equal(expected is null ? "unknown" : "NVIDIA H100 80GB HBM3", facts.Name);
    }

    [Fact]
    public void EqualGpusInUnknownOrder_GiveFactsButNoStateToWatch()
    {
        using var nvml = NvmlStandIn.Open("-DDEVICES=3");

        foreach (var visible in new[] { null, "1,0" })
        {
            var (facts, device) = CudaDeviceMatch.Find(nvml.Devices, 1, Variables(null, visible));
            Assert.Equal("NVIDIA H100 80GB HBM3", facts.Name);
            Assert.Null(device);
        }
    }

    [Fact]
    public void UnlikeGpusInUnknownOrder_AreUnknown()
    {
        using var nvml = NvmlStandIn.Open("-DDEVICES=2", "-DMIXED");

        Assert.Equal((GpuFacts.None, null), CudaDeviceMatch.Find(nvml.Devices, 0, Variables(null, null)));
        Assert.Equal("NVIDIA Fast", CudaDeviceMatch.Find(nvml.Devices, 1, Variables("PCI_BUS_ID", null)).Facts.Name);
    }

    private static Func<string, string?> Variables(string? order, string? visible) =>
        name => name == "CUDA_DEVICE_ORDER" ? order : name == "CUDA_VISIBLE_DEVICES" ? visible : null;
}
