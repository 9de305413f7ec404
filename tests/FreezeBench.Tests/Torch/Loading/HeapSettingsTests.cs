using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FreezeBench.Torch.Loading;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Torch.Loading;

public class HeapSettingsTests
{
    [Fact]
    public void LargeTensor_LiesInTheHeap_AndIsNotMappedApart()
    {
        TorchLibrary.Load();
        // It stays so for the rest of the process, whose results do not change by it.
        HeapSettings.KeepFreedMemory();
        Assert.SkipUnless(HeapSettings.KeepsFreedMemory, "Only glibc has the setting, and an environment variable of the user's goes before it.");
        // Above 32 MB, which is as far as glibc raises its threshold by itself; below 64 MB, where a thread's own heap ends.
        using var large = torch.zeros(10 * 1024 * 1024);
        // glibc's malloc.c: the word before a block is its size, and bit 1 of it says that the block was mapped.
        var size = Marshal.ReadInt64(DataAddress(large) - sizeof(long));
        Assert.Equal(0, size & 2);
    }

    [Fact]
    public void NotLinux_NothingIsDone()
    {
        Assert.SkipWhen(OperatingSystem.IsLinux(), "There it is done.");
        TorchLibrary.Load();
        HeapSettings.KeepFreedMemory();
        Assert.False(HeapSettings.KeepsFreedMemory);
    }

    private static nint DataAddress(torch.Tensor tensor) => Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref tensor.bytes[0]);
}
