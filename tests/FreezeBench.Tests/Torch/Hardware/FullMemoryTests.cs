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
    [InlineData("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED")]
    [InlineData("cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED")]
    [InlineData("CUDA driver error: CUDA_ERROR_OUT_OF_MEMORY")]
    [InlineData("MPS backend out of memory (MPS allocated: 8.00 GB, other allocations: 1.00 GB, max allowed: 9.07 GB). Tried to allocate 1.00 GB on private pool.")]
    [InlineData("std::bad_alloc")]
    public void FullMemory_IsKnownByItsWords(string message)
    {
        Assert.True(FullMemory.Is(LibtorchFailure.Of(message)));
        Assert.True(FullMemory.IsCertain(message));
    }

    [Theory]
    [InlineData("GET was unable to find an engine to execute this computation")]
    [InlineData("FIND was unable to find an engine to execute this computation")]
    [InlineData("CUDA error: CUBLAS_STATUS_NOT_INITIALIZED when calling `cublasCreate(handle)`")]
    [InlineData("cuDNN error: CUDNN_STATUS_NOT_INITIALIZED")]
    [InlineData("cuDNN error: CUDNN_STATUS_NOT_SUPPORTED. This error may appear if you passed in a non-contiguous input.")]
    public void SignsThatHaveOtherCausesToo_AreWorthASmallerBatch_AndNotCertain(string message)
    {
        Assert.True(FullMemory.Is(LibtorchFailure.Of(message)));
        Assert.False(FullMemory.IsCertain(message));
    }

    [Theory]
    [InlineData("CUDA error: an illegal memory access was encountered")]
    [InlineData("mat1 and mat2 shapes cannot be multiplied (4x512 and 8x3)")]
    [InlineData("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED")]
    public void OtherFailures_AreNone(string message) => Assert.False(FullMemory.Is(LibtorchFailure.Of(message)));

    [Fact]
    public void RealFailureOfTheAllocator_IsKnown() =>
        Assert.True(FullMemory.Is(Assert.Throws<ExternalException>(() => torch.zeros(1L << 50))));

    [Theory]
    // What another process has is not for this one; what this one had when it failed is.
    [InlineData(LibtorchFailure.OutOfMemory, 14.57, 1.58 + (966.0 / 1024))]
    [InlineData("GPU 1 has a total capacity of 512.00 MiB of which 1024 bytes is free. Including non-PyTorch memory, this process has 511.00 MiB memory in use.", 0.5, (511.0 + (1.0 / 1024)) / 1024)]
    [InlineData("GPU 1 has a total capacity of 512.00 MiB of which", 0.5, 0.5)]
    public void Capacity_IsReadFromTheMessage(string message, double gibibytes, double left)
    {
        var (total, leftBytes) = FullMemory.Capacity(message)!.Value;
        Assert.Equal((long)(gibibytes * (1 << 30)), total);
        Assert.Equal(left, leftBytes / (double)(1 << 30), tolerance: 1e-8);
    }

    [Fact]
    public void CapacityThatNobodyTells_IsUnknown() => Assert.Null(FullMemory.Capacity("DefaultCPUAllocator: can't allocate memory"));

    [Fact]
    public void ReleasingTheStock_OfTheCpu_IsNothing() => FullMemory.ReleaseStock(torch.CPU);
}
