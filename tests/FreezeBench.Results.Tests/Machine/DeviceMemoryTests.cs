using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public class DeviceMemoryTests
{
    [Fact]
    public void HostWithoutLimits_HasWhatTheMachineHas() => Assert.Equal(new DeviceMemory(100, 60), DeviceMemory.OfLinux(100, 60, null, null));

    [Fact]
    public void LowestLimit_Counts_AndWhatIsUsedOfEach()
    {
        Assert.Equal(new DeviceMemory(50, 20), DeviceMemory.OfLinux(100, 60, (50, 30), null));
        // A container may be allowed more than the machine has left.
        Assert.Equal(new DeviceMemory(90, 60), DeviceMemory.OfLinux(100, 60, null, (90, 10)));
        Assert.Equal(new DeviceMemory(40, 0), DeviceMemory.OfLinux(100, 60, (80, 10), (40, 45)));
    }

    [Fact]
    public void ThisHost_HasFreeMemoryWithinItsTotal()
    {
        var memory = DeviceMemory.OfHost();

        Assert.NotNull(memory);
        Assert.InRange(memory.FreeBytes, 1L << 20, memory.TotalBytes);
    }
}
