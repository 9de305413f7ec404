using System.Runtime.InteropServices;
using FreezeBench.Tests.Fitting;
using FreezeBench.Torch.Hardware;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Torch.Hardware;

public class FullMemoryTests
{
    [Theory]
    [InlineData(LibtorchFailure.OutOfMemory)]
    [InlineData("CUDA error: out of memory")]
    [InlineData("[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 536870912 bytes. Error code 12 (Cannot allocate memory)")]
    [InlineData("[enforce fail at alloc_cpu.cpp:121] data. DefaultCPUAllocator: not enough memory: you tried to allocate 1125899906842624 bytes.")]
    [InlineData("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`")]
    [InlineData("cuDNN error: CUDNN_STATUS_ALLOC_FAILED")]
    [InlineData("std::bad_alloc")]
    public void FullMemory_IsKnownByItsWords(string message) => Assert.True(FullMemory.Is(LibtorchFailure.Of(message)));

    [Theory]
    [InlineData("CUDA error: an illegal memory access was encountered")]
    [InlineData("mat1 and mat2 shapes cannot be multiplied (4x512 and 8x3)")]
    [InlineData("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED")]
    public void OtherFailures_AreNone(string message) => Assert.False(FullMemory.Is(LibtorchFailure.Of(message)));

    [Fact]
    public void RealFailureOfTheAllocator_IsKnown() =>
        Assert.True(FullMemory.Is(Assert.Throws<ExternalException>(() => torch.zeros(1L << 50))));

    [Theory]
    [InlineData(LibtorchFailure.OutOfMemory, 14.57)]
    [InlineData("GPU 1 has a total capacity of 512.00 MiB of which", 0.5)]
    public void Capacity_IsReadFromTheMessage(string message, double gibibytes) => Assert.Equal((long)(gibibytes * (1 << 30)), FullMemory.CapacityBytes(message));

    [Fact]
    public void CapacityThatNobodyTells_IsUnknown() => Assert.Null(FullMemory.CapacityBytes("DefaultCPUAllocator: can't allocate memory"));

    [Fact]
    public void ReleasingTheStock_OfTheCpu_IsNothing() => FullMemory.ReleaseStock(torch.CPU);
}
