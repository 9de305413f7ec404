using Xunit;

namespace FreezeBench.Benchmarks.Tests.Build;

public class TorchBackendChoiceTests(TorchBackendMatrix matrix) : IClassFixture<TorchBackendMatrix>
{
    [Theory]
    [InlineData("linux-x64", "libtorch-cpu-linux-x64")]
    [InlineData("windows-x64", "libtorch-cpu-win-x64")]
    [InlineData("windows-arm64", "libtorch-cpu-win-arm64")]
    [InlineData("macos-arm64", "libtorch-cpu-osx-arm64")]
    public void Cpu_ReferencesTheOnePackageOfTheMachine(string host, string package)
    {
        foreach (var driver in new[] { false, true })
            Assert.Equal(new($"TorchSharp {package}", "cpu", "as asked by TorchBackend", ""), matrix["cpu", host, driver]);
    }

    [Theory]
    [InlineData("linux-x64", "TorchSharp-cuda-linux")]
    [InlineData("windows-x64", "TorchSharp-cuda-windows")]
    public void Cuda_ReferencesTheCudaPackage_WithOrWithoutDriver(string host, string package)
    {
        foreach (var driver in new[] { false, true })
            foreach (var spelling in new[] { "cuda", "CUDA" })
                Assert.Equal(new($"TorchSharp {package}", "cuda", "as asked by TorchBackend", ""), matrix[spelling, host, driver]);
    }

    [Theory]
    [InlineData("linux-x64", "TorchSharp-cuda-linux", "libtorch-cpu-linux-x64")]
    [InlineData("windows-x64", "TorchSharp-cuda-windows", "libtorch-cpu-win-x64")]
    public void Auto_FollowsTheDriver(string host, string cuda, string cpu)
    {
        foreach (var spelling in new[] { "", "auto" })
        {
            Assert.Equal(new($"TorchSharp {cuda}", "cuda", "auto: found an NVIDIA driver", ""), matrix[spelling, host, true]);
            Assert.Equal(new($"TorchSharp {cpu}", "cpu", "auto: found no NVIDIA driver", ""), matrix[spelling, host, false]);
        }
    }

    [Theory]
    [InlineData("windows-arm64", "libtorch-cpu-win-arm64")]
    [InlineData("macos-arm64", "libtorch-cpu-osx-arm64")]
    public void Auto_WhereThereIsNoCudaPackage_IsCpu(string host, string cpu)
    {
        foreach (var driver in new[] { false, true })
            Assert.Equal(new($"TorchSharp {cpu}", "cpu", $"auto: libtorch has no CUDA package for {host}", ""), matrix["auto", host, driver]);
    }

    [Theory]
    [InlineData("windows-arm64")]
    [InlineData("macos-arm64")]
    public void Cuda_WhereThereIsNoCudaPackage_IsAnError(string host)
    {
        var choice = matrix["cuda", host, true];
        Assert.Equal("", choice.Packages);
        Assert.Equal(
            $"TorchBackend=cuda was asked for on {host}, but there are CUDA packages for linux-x64 and windows-x64 only. "
            + "Build with -p:TorchBackend=cpu, or on one of those.", choice.Error);
    }

    [Theory]
    [InlineData("macos-x64")]
    [InlineData("unknown-x64")]
    public void UnsupportedMachine_IsAnError_ForEveryBackend(string host)
    {
        foreach (var backend in new[] { "", "auto", "cpu", "cuda" })
            foreach (var driver in new[] { false, true })
            {
                var choice = matrix[backend, host, driver];
                Assert.Equal("", choice.Packages);
                Assert.Equal(
                    $"There is no libtorch package for {host}. Supported: linux-x64, windows-x64, windows-arm64, macos-arm64. "
                    + "An x64 .NET SDK under emulation counts as x64.", choice.Error);
            }
    }

    [Fact]
    public void LinuxOnArm64_IsRefusedByName_ForEveryBackend()
    {
        foreach (var backend in new[] { "", "auto", "cpu", "cuda" })
            foreach (var driver in new[] { false, true })
            {
                var choice = matrix[backend, "linux-arm64", driver];
                Assert.Equal("", choice.Packages);
                Assert.StartsWith("Linux on ARM64 (linux-arm64: Grace, Jetson, ", choice.Error, StringComparison.Ordinal);
            }
    }

    [Theory]
    [InlineData("linux-x64")]
    [InlineData("linux-arm64")]
    [InlineData("macos-arm64")]
    public void UnknownValue_IsAnError_ThatNamesTheValidOnes(string host)
    {
        Assert.Equal("TorchBackend='rocm' is unknown. Valid values: auto, cpu, cuda.", matrix["rocm", host, false].Error);
        Assert.Equal("", matrix["rocm", host, false].Packages);
    }
}
