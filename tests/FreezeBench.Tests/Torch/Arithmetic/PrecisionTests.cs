using FreezeBench.Torch;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Hardware;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Torch.Arithmetic;

public class PrecisionTests
{
    private static readonly DeviceChoice cpu = new(DeviceType.CPU, 0, "as asked");
    private static readonly DeviceChoice gpu = new(DeviceType.CUDA, 1, "as asked");

    [Fact]
    public void Names_AreThoseOfTheRows() => Assert.Equal("fp32, tf32, bf16, fp16", Precision.ValidNames);

    [Fact]
    public void Default_IsTf32_WhereTheGpuIsKnownToHaveIt_ElseFp32()
    {
        Assert.Equal(Precision.Tf32, Precision.DefaultFor(DeviceType.CUDA, (8, 0)));
        Assert.Equal(Precision.Tf32, Precision.DefaultFor(DeviceType.CUDA, (12, 0)));
        Assert.Equal(Precision.Fp32, Precision.DefaultFor(DeviceType.CUDA, (7, 5)));
        Assert.Equal(Precision.Fp32, Precision.DefaultFor(DeviceType.CUDA, null));
        Assert.Equal(Precision.Fp32, Precision.DefaultFor(DeviceType.CPU, null));
    }

    [Fact]
    public void OnlyFloat16_ScalesGradients() => Assert.Equal([Precision.Fp16], Precision.All.Where(precision => precision.ScalesGradients));

    // What a GPU says of itself is made up: there is none here.
    [Theory]
    [InlineData("tf32", 7, 5, "TF32 needs a GPU of compute capability 8.0 (Ampere) or newer; this GPU has 7.5")]
    [InlineData("bf16", 7, 0, "bfloat16 needs a GPU of compute capability 8.0 (Ampere) or newer; this GPU has 7.0")]
    [InlineData("fp32", 7, 0, null)]
    [InlineData("fp16", 7, 0, null)]
    [InlineData("tf32", 8, 0, null)]
    [InlineData("bf16", 9, 0, null)]
    public void Gpu_IsRefusedByItsComputeCapability(string name, int major, int minor, string? reason) =>
        Assert.Equal(reason, PrecisionSwitch.WhyNot(Precision.Parse(name), gpu, (major, minor)));

    [Fact]
    public void UnknownGpu_IsNotTakenForOneWithTf32()
    {
        Assert.Contains("the driver does not tell the GPU's compute capability", PrecisionSwitch.WhyNot(Precision.Tf32, gpu, null), StringComparison.Ordinal);
        Assert.Null(PrecisionSwitch.WhyNot(Precision.Bf16, gpu, null));
    }

    [Theory]
    [InlineData("tf32", "0", "the environment variable NVIDIA_TF32_OVERRIDE is 0, by which NVIDIA's libraries compute without TF32 whatever they are asked for (unset it)")]
    [InlineData("fp32", "1", "the environment variable NVIDIA_TF32_OVERRIDE is 1, by which NVIDIA's libraries compute in TF32 whatever they are asked for (unset it)")]
    [InlineData("fp32", "0", null)]
    [InlineData("tf32", "1", null)]
    [InlineData("bf16", "0", null)]
    [InlineData("tf32", null, null)]
    [InlineData("fp32", null, null)]
    public void VariableOfNvidiasLibraries_IsNotLeftToTurnARowIntoAnother(string name, string? value, string? reason)
    {
        Assert.Equal(reason, PrecisionSwitch.WhyNot(Precision.Parse(name), gpu, (8, 0), value));
        Assert.Null(PrecisionSwitch.WhyNot(Precision.Fp32, cpu, null, value));
    }

    [Fact]
    public void Tf32OnTheCpu_IsRefused_AndNothingIsChanged()
    {
        PrecisionSwitch.Apply(Precision.Fp32, cpu, null);
        var error = Assert.Throws<RefusedException>(() => PrecisionSwitch.Apply(Precision.Tf32, cpu, null));
        Assert.Equal("The precision tf32 was asked for on cpu, and TF32 is arithmetic of NVIDIA GPUs. Pass the precision fp32, or leave the choice to the device's default.", error.Message);
        Assert.Equal((false, false), (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32));
    }

    // This libtorch is the CPU's: whatever touches CUDA throws.
    [Fact]
    public void Gpu_IsTriedInFloat32Too_ButNotByAProcessThatLeavesItToOthers()
    {
        PrecisionSwitch.Apply(Precision.Fp32, gpu, (9, 0), tries: false);
        Assert.ThrowsAny<Exception>(() => PrecisionSwitch.Apply(Precision.Fp32, gpu, (9, 0)));
        PrecisionSwitch.Apply(Precision.Fp32, cpu, null);
    }

    [Fact]
    public void GpuThatLibtorchWasNotCompiledFor_IsRefusedByItsComputeCapability_AndOtherFailuresByLibtorchsWords()
    {
        const string words = "CUDA error: no kernel image is available for execution on the device\nCUDA kernel errors might be asynchronously reported";
        Assert.Equal(
            $"Device 'cuda:1' has compute capability 5.0, and the libtorch {FreezeBench.Torch.Loading.TorchLibrary.Version} was not compiled for it: those for CUDA 12.8 are for 7.0 to 12.0, those for CUDA 13 for 7.5 and newer. "
            + "Name another one by FREEZEBENCH_LIBTORCH, or pass another GPU or the device cpu.",
            PrecisionSwitch.Failed(Precision.Bf16, gpu, (5, 0), words).Message);
        Assert.StartsWith("Device 'cuda:1' was asked for, and the libtorch ", PrecisionSwitch.Failed(Precision.Fp32, gpu, null, words).Message, StringComparison.Ordinal);
        Assert.Contains("in a small step on it libtorch ", PrecisionSwitch.Failed(Precision.Fp32, gpu, null, "CUDA error: CUDA-capable device(s) is/are busy or unavailable").Message, StringComparison.Ordinal);
        Assert.StartsWith("The precision fp16 was asked for on cuda:1, and libtorch ", PrecisionSwitch.Failed(Precision.Fp16, gpu, null, "CUDA out of memory.").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fp32")]
    [InlineData("bf16")]
    [InlineData("fp16")]
    public void Float32AndAutocast_TakeTf32AwayFromConvolutionsAndMatrixProducts(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Autocast's symbols are named by another rule there.");
        (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32) = (true, true);
        PrecisionSwitch.Apply(Precision.Parse(name), cpu, null);
        Assert.Equal((false, false), (backends.cuda.matmul.allow_tf32, backends.cudnn.allow_tf32));
        // The trial step is over.
        Assert.Null(Autocast.InForce(DeviceType.CPU));
    }

    [Fact]
    public void Enter_IsNothing_WhereFloat32IsComputedIn()
    {
        Assert.Null(Precision.Fp32.Enter(DeviceType.CPU));
        Assert.Null(Precision.Tf32.Enter(DeviceType.CUDA));
    }
}
