using FreezeBench.Measurement;
using FreezeBench.Results.Machine;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Hardware;
using FreezeBench.Torch.Loading;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Measurement;

public class TorchEnvironmentTests
{
    private static readonly DeviceChoice Cpu = new(DeviceType.CPU, 0, "as asked");

    [Fact]
    public void Read_NamesTheVersionsThatTheBuildPins()
    {
        var facts = TorchEnvironment.Read(Cpu, "1.2.3");

        Assert.Equal("0.107.0", facts.TorchSharpVersion);
        Assert.Equal("2.10.0.0", facts.LibtorchVersion);
        Assert.Equal("1.2.3", facts.BenchmarkDotNetVersion);
        Assert.Equal("cpu", facts.Device);
        Assert.Equal(TorchBuild.Backend, facts.Backend);
        Assert.Equal(torch.get_num_threads(), facts.Threads);
    }

    [Fact]
    public void BenchmarkDotNet_IsUnknown_InAProgramWithoutIt() =>
        Assert.Equal(Unknown.Text, TorchEnvironment.Read(Cpu).BenchmarkDotNetVersion);

    [Fact]
    public void Tf32_IsRecordedAsItIsSet()
    {
        // libtorch begins with TF32 for cuDNN's convolutions: float32 has to take it away.
        PrecisionSwitch.Apply(Precision.Fp32, Cpu, null);
        var facts = TorchEnvironment.Read(Cpu);
        Assert.Equal((false, false), (facts.MatmulTf32, facts.CudnnTf32));
    }

    [Fact]
    public void ComputeCapability_IsUnknown_WithoutADriver() => Assert.Null(TorchEnvironment.ComputeCapability(null, 0));
}
