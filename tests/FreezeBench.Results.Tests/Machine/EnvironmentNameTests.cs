using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public class EnvironmentNameTests
{
    [Fact]
    public void Gpu_IsCalledByItsName() => Assert.Equal("NVIDIA H100 80GB HBM3", EnvironmentName.Of(Examples.Gpu));

    [Fact]
    public void UnknownGpu_IsCalledByTheCpu() =>
        Assert.Equal("AMD EPYC, 2 cores", EnvironmentName.Of(Examples.Gpu with { Gpu = Examples.Gpu.Gpu with { Name = Unknown.Text } }));

    [Fact]
    public void SingleCore_IsNotPlural() =>
        Assert.Equal("AMD EPYC, 1 core", EnvironmentName.Of(Examples.Cpu with { Machine = Examples.Cpu.Machine with { LogicalCores = 1 } }));

    [Fact]
    public void OtherFramework_IsNamed_BecauseBothAreOnOneMachine() => Assert.Equal(
        "AMD EPYC, 2 cores, PyTorch 1.13.0a0",
        EnvironmentName.Of(Examples.Cpu with { Torch = Examples.Cpu.Torch with { TorchSharpVersion = "unused; PyTorch", LibtorchVersion = "1.13.0a0" } }));
}
