using System.Text.Json;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Build;

/// <summary>A GPU is what a device node stands for: a driver's files are there without one too.</summary>
public sealed class GpuDetectionTests : IDisposable
{
    private const string KernelModule = "proc/driver/nvidia/version";

    private readonly string root = Directory.CreateTempSubdirectory("freezebench-gpu-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData("cuda", "auto: found the NVIDIA GPU /dev/nvidia0", KernelModule, "dev/nvidia0", "dev/nvidiactl")]
    // A container that was given the fourth GPU alone, without /proc of the host.
    [InlineData("cuda", "auto: found the NVIDIA GPU /dev/nvidia3", "dev/nvidia3", "dev/nvidiactl", "dev/nvidia-uvm")]
    // A login node, and a container of a GPU host that was given none.
    [InlineData("cpu", "auto: found an NVIDIA driver, but no GPU's device in /dev", KernelModule, "dev/null")]
    [InlineData("cpu", "auto: found an NVIDIA driver, but no GPU's device in /dev", KernelModule, "dev/nvidiactl", "dev/nvidia-uvm")]
    [InlineData("cuda", "auto: found the NVIDIA GPU /dev/dxg", "dev/dxg", "usr/lib/wsl/lib/libcuda.so.1")]
    // A container under WSL2.
    [InlineData("cuda", "auto: found the NVIDIA GPU /dev/dxg", "dev/dxg", "usr/lib/x86_64-linux-gnu/libcuda.so.1")]
    // WSL2 with a GPU of another maker; a driver's library that was installed where no GPU is.
    [InlineData("cpu", "auto: found no NVIDIA driver", "dev/dxg")]
    [InlineData("cpu", "auto: found no NVIDIA driver", "dev/null", "usr/lib/x86_64-linux-gnu/libcuda.so.1")]
    [InlineData("cpu", "auto: found no NVIDIA driver")]
    public void Auto_FollowsTheDevice_AndSaysHowToDecideOtherwise(string backend, string reason, params string[] files)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There the driver's library is asked for.");
        foreach (var file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, file))!);
            File.WriteAllText(Path.Combine(root, file), "");
        }
        var (exitCode, output) = Shell.Dotnet(
            Shell.Root, "msbuild", "TorchBackend.props", "-nologo", $"-p:TorchHostRoot={root}", "-p:TorchHostOS=linux", "-p:TorchHostArchitecture=x64",
            "-getProperty:TorchBackendResolved", "-getProperty:TorchBackendReason", "-getProperty:TorchBackendOverride");
        Assert.True(exitCode == 0, output);
        using var properties = JsonDocument.Parse(output);
        string Property(string name) => properties.RootElement.GetProperty("Properties").GetProperty(name).GetString()!;

        Assert.Equal(backend, Property("TorchBackendResolved"));
        Assert.Equal(reason, Property("TorchBackendReason"));
        Assert.Equal(backend == "cuda" ? "; -p:TorchBackend=cpu builds without CUDA" : "; -p:TorchBackend=cuda builds for a GPU", Property("TorchBackendOverride"));
    }
}
