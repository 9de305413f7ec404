using FreezeBench.Torch;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Hardware;
using FreezeBench.Torch.Loading;
using TorchSharp;
using Xunit;

namespace FreezeBench.Tests.Torch.Hardware;

public class DevicesTests
{
    private static readonly CudaFacts cpuBuild = new(Built: false, Available: false, Count: 0, _ => null);
    private static readonly CudaFacts noDriver = new(Built: true, Available: false, Count: 0, _ => null) { DriverFound = false };
    private static readonly CudaFacts noDevice = new(Built: true, Available: false, Count: 0, _ => null);
    private static readonly CudaFacts unknownGpu = new(Built: true, Available: true, Count: 1, _ => null);
    private static readonly CudaFacts pascalAndVolta =
        new(Built: true, Available: true, Count: 2, index => index == 0 ? (6, 1) : (7, 0));

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("CUDA")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("mps:0")]
    [InlineData("cuda: 0")]
    [InlineData("cuda:99999999999")]
    public void UnknownName_ListsValidValues(string name)
    {
        var error = Assert.Throws<RefusedException>(() => Devices.Parse(name, unknownGpu));
        Assert.Equal($"Unknown device '{name}'. Valid values: auto, cpu, cuda, cuda:N, mps (N: index of the GPU, from 0; mps: an Apple GPU).", error.Message);
    }

    [Fact]
    public void Auto_TakesTheFirstUsableGpu_AndSaysWhy()
    {
        Assert.Equal("cuda:0 (auto: libtorch sees 1 CUDA device)", Devices.Parse("auto", unknownGpu).Description);
        Assert.Equal("cuda:1 (auto: libtorch sees 2 CUDA devices)", Devices.Parse("auto", pascalAndVolta).Description);
    }

    [Fact]
    public void Auto_TakesTheCpu_AndSaysWhy()
    {
        Assert.Equal("cpu (auto: this program was built for the CPU (TorchBackend=cpu))", Devices.Parse("auto", cpuBuild).Description);
        Assert.Equal("cpu (auto: this machine has no NVIDIA driver)", Devices.Parse("auto", noDriver).Description);
        Assert.Equal("cpu (auto: libtorch sees no CUDA device)", Devices.Parse("auto", noDevice).Description);
        Assert.Equal(
            "cpu (auto: cuda:0 has compute capability 6.1 and libtorch needs 7.0 or newer)",
            Devices.Parse("auto", pascalAndVolta with { Count = 1 }).Description);
    }

    [Fact]
    public void LibtorchOfTheUsers_IsNamed_WhereItHasNoCuda()
    {
        var facts = cpuBuild with { LibtorchFolder = "/packages/torch/lib" };

        Assert.Equal("cpu (auto: the libtorch of FREEZEBENCH_LIBTORCH in /packages/torch/lib is for the CPU: it has no libtorch_cuda.so)", Devices.Parse("auto", facts).Description);
        Assert.Equal(
            "Device 'cuda' was asked for, but the libtorch of FREEZEBENCH_LIBTORCH in /packages/torch/lib is for the CPU: it has no libtorch_cuda.so. "
            + "Name the libtorch of a PyTorch for CUDA or pass the device cpu.", Assert.Throws<RefusedException>(() => Devices.Parse("cuda", facts)).Message);
    }

    [Theory]
    [InlineData("cuda", 0)]
    [InlineData("cuda:0", 0)]
    [InlineData("cuda:1", 1)]
    public void NamedGpu_IsTakenAsAsked(string name, int index)
    {
        var facts = unknownGpu with { Count = 2 };
        Assert.Equal(new DeviceChoice(DeviceType.CUDA, index, "as asked"), Devices.Parse(name, facts));
        Assert.Equal($"cuda:{index}", Devices.Parse(name, facts).Name);
    }

    [Fact]
    public void Cpu_IsTakenAsAsked()
    {
        var choice = Devices.Parse("cpu", unknownGpu);
        Assert.Equal("cpu (as asked)", choice.Description);
        Assert.Equal(DeviceType.CPU, choice.ToTorch().type);
    }

    [Fact]
    public void AppleGpu_IsTakenWhereLibtorchSeesOne_AndNeverUnasked()
    {
        var mac = cpuBuild with { MpsAvailable = () => true };
        var choice = Devices.Parse("mps", mac);
        Assert.Equal(("mps", "mps (as asked)", DeviceType.MPS), (choice.Name, choice.Description, choice.Type));
        Assert.True(Devices.IsValidName(choice.Name));
        Assert.Equal(DeviceType.CPU, Devices.Parse("auto", mac).Type);
        Assert.Equal("TF32 is arithmetic of NVIDIA GPUs", PrecisionSwitch.WhyNot(Precision.Tf32, choice, null));
    }

    [Fact]
    public void AppleGpuThatLibtorchDoesNotSee_IsRefused() => AssertRefused("mps", cpuBuild,
        "Device 'mps' was asked for, but libtorch sees no Apple GPU: it is for macOS 14 or newer on Apple silicon. Pass the device cpu or auto.");

    [Fact]
    public void ThisLibtorch_IsAskedForAnAppleGpu()
    {
        Assert.SkipWhen(OperatingSystem.IsMacOS(), "It may have one.");
        Assert.Contains("libtorch sees no Apple GPU", Assert.Throws<RefusedException>(() => Devices.Parse("mps")).Message, StringComparison.Ordinal);
        // The very functions that are asked and waited by.
        if (OperatingSystem.IsLinux())
            Assert.All(["_ZN5torch3mps12is_availableEv", "_ZN5torch3mps11synchronizeEv"], name => Assert.NotNull(ExportedSymbol.TryFind(name)));
    }

    [Fact]
    public void CudaOnACpuBuild_SaysHowToBuildIt() => AssertRefused("cuda", cpuBuild,
        "Device 'cuda' was asked for, but this program was built for the CPU (TorchBackend=cpu). "
        + "Build it with -p:TorchBackend=cuda (README, GPU) or pass the device cpu.");

    [Fact]
    public void CudaWithoutDriver_SaysSo() => AssertRefused("cuda:0", noDriver,
        "Device 'cuda:0' was asked for, but this machine has no NVIDIA driver. "
        + "Install NVIDIA's driver (README, GPU) or pass the device cpu.");

    [Fact]
    public void CudaWithoutDevice_SaysWhatToCheck() => AssertRefused("cuda", noDevice,
        "Device 'cuda' was asked for, but libtorch sees no CUDA device. Check that nvidia-smi lists a GPU, that its driver is 525 or "
        + "newer (of a libtorch for CUDA 13: 580), and that CUDA_VISIBLE_DEVICES does not hide it; or pass the device cpu.");

    [Fact]
    public void IndexOutOfRange_ListsTheDevices() => AssertRefused("cuda:2", pascalAndVolta,
        "Device 'cuda:2' was asked for, but libtorch sees 2 CUDA devices: cuda:0, cuda:1. Pass one of these.");

    [Fact]
    public void GpuOlderThanVolta_IsRefused() => AssertRefused("cuda:0", pascalAndVolta,
        "Device 'cuda:0' was asked for, but cuda:0 has compute capability 6.1 and libtorch needs 7.0 or newer. "
        + "Pass a newer GPU or the device cpu.");

    [Fact]
    public void ThisMachine_ChoosesADeviceThatComputes()
    {
        var choice = Devices.Parse("auto");
        using var ones = torch.ones(2, device: choice.ToTorch());
        Assert.Equal(choice.Type, ones.device_type);
    }

    private static void AssertRefused(string name, CudaFacts facts, string message) =>
        Assert.Equal(message, Assert.Throws<RefusedException>(() => Devices.Parse(name, facts)).Message);
}
