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
    public void LimitOfAddresses_LeavesTheRuntimeItsShare_AndLibtorchIsNotLoadedIntoTooFew()
    {
        string[] status = ["VmPeak:\t 2 kB", "VmSize:\t 1000000 kB"];
        Assert.Null(AddressSpace.Room(["Max address space         unlimited            unlimited            bytes"], status));
        Assert.Null(AddressSpace.Room(null, status));
        Assert.Equal((3_000_000_000 - (256L << 20), 1_024_000_000), AddressSpace.Room(["Max open files 64 64", "Max address space         3000000000           unlimited            bytes"], status));

        Assert.Null(AddressSpace.TooSmallForLibtorch(null));
        Assert.Null(AddressSpace.TooSmallForLibtorch((2L << 30, 1L << 30)));
        Assert.Contains("(ulimit -v 1048576) leaves 512 MiB beside 512 MiB of .NET", AddressSpace.TooSmallForLibtorch(((1L << 30) - (256L << 20), 512L << 20)), StringComparison.Ordinal);
    }

    [Fact]
    public void ThisHost_HasFreeMemoryWithinItsTotal()
    {
        var memory = DeviceMemory.OfHost();

        Assert.NotNull(memory);
        Assert.InRange(memory.FreeBytes, 1L << 20, memory.TotalBytes);
    }
}
