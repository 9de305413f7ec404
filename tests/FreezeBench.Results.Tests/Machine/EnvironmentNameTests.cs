using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public class EnvironmentNameTests
{
    [Fact]
    public void Gpu_IsCalledByItsName() => Assert.Equal("NVIDIA H100 80GB HBM3", EnvironmentName.Of(Examples.Gpu));

    [Fact]
    public void UnknownGpu_IsCalledByTheCpu() =>
        Assert.Equal("AMD EPYC, AVX-512, 2 cores", EnvironmentName.Of(Examples.Gpu with { Gpu = Examples.Gpu.Gpu with { Name = Unknown.Text } }));

    [Theory]
    [InlineData("avx512", "AMD EPYC, AVX-512, 2 cores")]
    [InlineData("avx2", "AMD EPYC, AVX2, 2 cores")]
    [InlineData("sse4.2", "AMD EPYC, SSE4.2, 2 cores")]
    [InlineData("neon", "AMD EPYC, NEON, 2 cores")]
    [InlineData("unknown", "AMD EPYC, 2 cores")]
    public void UnlikeCpusOfOneName_AreToldApart(string extension, string expected) =>
        Assert.Equal(expected, EnvironmentName.Of(Examples.Cpu with { Machine = Examples.Cpu.Machine with { CpuVectorExtension = extension } }));

    [Fact]
    public void OldRecord_KeepsItsName() => Assert.Equal("AMD EPYC, 2 cores", EnvironmentName.Of(Examples.OldCpu));

    [Fact]
    public void SingleCore_IsNotPlural() =>
        Assert.Equal("AMD EPYC, AVX-512, 1 core", EnvironmentName.Of(Examples.Cpu with { Machine = Examples.Cpu.Machine with { LogicalCores = 1 } }));

    [Fact]
    public void OtherFramework_IsNamed_BecauseBothAreOnOneMachine() => Assert.Equal(
        "AMD EPYC, 2 cores, PyTorch 1.13.0a0",
        EnvironmentName.Of(Examples.OldCpu with { Torch = Examples.Cpu.Torch with { TorchSharpVersion = "unused; PyTorch", LibtorchVersion = "1.13.0a0" } }));
}
