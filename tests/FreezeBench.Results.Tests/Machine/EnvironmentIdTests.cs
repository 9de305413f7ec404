using FreezeBench.Results.Machine;
using Xunit;

namespace FreezeBench.Results.Tests.Machine;

public sealed class EnvironmentIdTests
{
    // The hashes are sha256sum's of the canonical texts below, computed by hand once.
    [Fact]
    public void Id_NeverChangesSilently()
    {
        Assert.Equal("amd-epyc-2c-602c80e6", Examples.Cpu.Id);
        Assert.Equal("nvidia-h100-80gb-hbm3-e6a11681", Examples.Gpu.Id);
        Assert.Equal(
            "freezebench_environment=3\ndevice_kind=cuda\ncpu=AMD EPYC\ncpu_family=AuthenticAMD family 26 model 2 stepping 1\ncpu_vector_extension=avx512\n"
                + "logical_cores=2\ngpu=NVIDIA H100 80GB HBM3\ngpu_driver=570\n"
                + "os=Debian GNU/Linux 12 (bookworm) x64\ndotnet=.NET 10.0\ntorchsharp=0.107.0\nlibtorch=2.10.0\ntorch_threads=2\n",
            EnvironmentId.Canonical(Examples.Gpu));
    }

    [Fact]
    public void IdOfVersionTwo_StaysForEver()
    {
        Assert.Equal("amd-epyc-2c-255ccf3b", Examples.SecondCpu.Id);
        Assert.Equal("nvidia-h100-80gb-hbm3-0c1b0a3a", Examples.SecondGpu.Id);
        Assert.Equal(
            "freezebench_environment=2\ndevice_kind=cuda\ncpu=AMD EPYC\ncpu_family=AuthenticAMD family 26 model 2 stepping 1\ncpu_vector_extension=avx512\n"
                + "logical_cores=2\ngpu=NVIDIA H100 80GB HBM3\ngpu_driver=570.86.15\n"
                + "os=Debian GNU/Linux 12 (bookworm) x64\ndotnet=.NET 10.0.0\ntorchsharp=0.107.0\nlibtorch=2.10.0\ntorch_threads=2\n",
            EnvironmentId.Canonical(Examples.SecondGpu));
    }

    [Fact]
    public void IdOfVersionOne_StaysForEver()
    {
        Assert.Equal("amd-epyc-2c-6e671569", Examples.OldCpu.Id);
        Assert.Equal("nvidia-h100-80gb-hbm3-05219bc7", Examples.OldGpu.Id);
        Assert.Equal(
            "freezebench_environment=1\ndevice_kind=cuda\ncpu=AMD EPYC\nlogical_cores=2\ngpu=NVIDIA H100 80GB HBM3\ngpu_driver=570.86.15\n"
                + "os=Debian GNU/Linux 12 (bookworm) x64\ndotnet=.NET 10.0.0\ntorchsharp=0.107.0\nlibtorch=2.10.0\ntorch_threads=2\n",
            EnvironmentId.Canonical(Examples.OldGpu));
    }

    [Fact]
    public void EveryFactThatMattersToATime_ChangesTheId()
    {
        EnvironmentRecord[] others =
        [
            Examples.Gpu with { Torch = Examples.Gpu.Torch with { Device = "cpu" } },
            Examples.Gpu with { Torch = Examples.Gpu.Torch with { Threads = 3 } },
            Examples.Gpu with { Torch = Examples.Gpu.Torch with { TorchSharpVersion = "1" } },
            Examples.Gpu with { Torch = Examples.Gpu.Torch with { LibtorchVersion = "1" } },
            Examples.Gpu with { Machine = Examples.Gpu.Machine with { CpuModel = "x" } },
            Examples.Gpu with { Machine = Examples.Gpu.Machine with { CpuFamily = "x" } },
            Examples.Gpu with { Machine = Examples.Gpu.Machine with { CpuVectorExtension = "x" } },
            Examples.Gpu with { Machine = Examples.Gpu.Machine with { LogicalCores = 3 } },
            Examples.Gpu with { Machine = Examples.Gpu.Machine with { OperatingSystem = "Debian GNU/Linux 13 (trixie)" } },
            Examples.Gpu with { Machine = Examples.Gpu.Machine with { Architecture = "arm64" } },
            Examples.Gpu with { Machine = Examples.Gpu.Machine with { DotNetVersion = ".NET 10.1.0" } },
            Examples.Gpu with { Gpu = Examples.Gpu.Gpu with { Name = "x" } },
            Examples.Gpu with { Gpu = Examples.Gpu.Gpu with { DriverVersion = "571.86.15" } },
        ];
        Assert.Equal(others.Length + 1, others.Append(Examples.Gpu).Select(environment => environment.Id).Distinct().Count());
    }

    [Fact]
    public void FactsBesideTheId_DoNotChangeIt()
    {
        Assert.Equal(Examples.Gpu.Id, (Examples.Gpu with { Torch = Examples.Gpu.Torch with { MatmulTf32 = true, BenchmarkDotNetVersion = "9", Device = "cuda:3" } }).Id);
        Assert.Equal(Examples.Gpu.Id, (Examples.Gpu with { Gpu = Examples.Gpu.Gpu with { MaxSmClockMhz = 1 } }).Id);
        Assert.Equal(Examples.Cpu.Id, (Examples.Cpu with { Gpu = Examples.Gpu.Gpu }).Id);
    }

    [Fact]
    public void UpdateThatChangesNoSpeed_DoesNotChangeTheId()
    {
        Assert.Equal(Examples.Gpu.Id, (Examples.Gpu with { Machine = Examples.Gpu.Machine with { DotNetVersion = ".NET 10.0.12" } }).Id);
        Assert.Equal(Examples.Gpu.Id, (Examples.Gpu with { Gpu = Examples.Gpu.Gpu with { DriverVersion = "570.124.06" } }).Id);
        Assert.NotEqual(Examples.SecondGpu.Id, (Examples.SecondGpu with { Machine = Examples.Gpu.Machine with { DotNetVersion = ".NET 10.0.12" } }).Id);
        Assert.Equal(On("Ubuntu 24.04.1 LTS"), On("Ubuntu 24.04.3 LTS"));
        Assert.NotEqual(On("Ubuntu 24.04 LTS"), On("Ubuntu 24.10"));
        // The third number is what tells Windows 11 from Windows 10.
        Assert.NotEqual(On("Microsoft Windows 10.0.19045"), On("Microsoft Windows 10.0.22631"));

        static string On(string system) => (Examples.Cpu with { Machine = Examples.Cpu.Machine with { OperatingSystem = system } }).Id;
    }

    [Theory]
    [InlineData("AMD EPYC 7763 64-Core Processor", "amd-epyc-7763-2c")]
    [InlineData("Intel(R) Xeon(R) CPU @ 2.20GHz", "intel-xeon-2c")]
    [InlineData("13th Gen Intel(R) Core(TM) i7-1365U", "13th-gen-intel-core-i7-1365u-2c")]
    [InlineData("AMD Ryzen 7 5800H with Radeon Graphics", "amd-ryzen-7-5800h-2c")]
    [InlineData("ARM Neoverse-N1", "arm-neoverse-n1-2c")]
    [InlineData("unknown", "unknown-2c")]
    [InlineData("../..\\<X İ猫>", "x-2c")]
    [InlineData("猫", "cpu-2c")]
    public void Id_IsReadableAndAFolderName(string cpu, string name) =>
        Assert.StartsWith(name + "-", (Examples.Cpu with { Machine = Examples.Cpu.Machine with { CpuModel = cpu } }).Id, StringComparison.Ordinal);
}
