using FreezeBench.Torch.Arithmetic;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Torch.Arithmetic;

public class CudnnAutotuningTests
{
    [Fact]
    public void Cpu_HasNone()
    {
        Assert.Null(CudnnAutotuning.Apply(DeviceType.CPU, on: true));
        Assert.Null(CudnnAutotuning.Apply(DeviceType.CPU, on: false));
    }

    // The switch is libtorch's own and arrives there without a GPU; what it does on one was never seen.
    [Fact]
    public void Switch_ArrivesInLibtorch_AndIsReadBack()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The symbols are named by another rule there.");
        Assert.False(CudnnAutotuning.Enabled);
        try
        {
            Assert.True(CudnnAutotuning.Apply(DeviceType.CUDA, on: true));
            Assert.True(CudnnAutotuning.Enabled);
            Assert.False(CudnnAutotuning.Apply(DeviceType.CUDA, on: false));
            Assert.False(CudnnAutotuning.Enabled);
        }
        finally
        {
            CudnnAutotuning.Set(false);
        }
    }
}
