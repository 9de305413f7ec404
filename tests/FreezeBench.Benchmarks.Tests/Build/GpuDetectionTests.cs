using Xunit;

namespace FreezeBench.Benchmarks.Tests.Build;

/// <summary>A GPU is what a device node stands for: a driver's files are there without one too.</summary>
public sealed class GpuDetectionTests(GpuDetection detection) : IClassFixture<GpuDetection>
{
    private const string KernelModule = "proc/driver/nvidia/version";

    /// <summary>What TorchBackend.props decides, why, and the files of the machine.</summary>
    public static TheoryData<string, string, string[]> Machines => new()
    {
        { "cuda", "auto: found the NVIDIA GPU /dev/nvidia0", [KernelModule, "dev/nvidia0", "dev/nvidiactl"] },
        // A container that was given the fourth GPU alone, without /proc of the host.
        { "cuda", "auto: found the NVIDIA GPU /dev/nvidia3", ["dev/nvidia3", "dev/nvidiactl", "dev/nvidia-uvm"] },
        // A login node, and a container of a GPU host that was given none.
        { "cpu", "auto: found an NVIDIA driver, but no GPU's device in /dev", [KernelModule, "dev/null"] },
        { "cpu", "auto: found an NVIDIA driver, but no GPU's device in /dev", [KernelModule, "dev/nvidiactl", "dev/nvidia-uvm"] },
        { "cuda", "auto: found the NVIDIA GPU /dev/dxg", ["dev/dxg", "usr/lib/wsl/lib/libcuda.so.1"] },
        // A container under WSL2.
        { "cuda", "auto: found the NVIDIA GPU /dev/dxg", ["dev/dxg", "usr/lib/x86_64-linux-gnu/libcuda.so.1"] },
        // WSL2 with a GPU of another maker; a driver's library that was installed where no GPU is.
        { "cpu", "auto: found no NVIDIA driver", ["dev/dxg"] },
        { "cpu", "auto: found no NVIDIA driver", ["dev/null", "usr/lib/x86_64-linux-gnu/libcuda.so.1"] },
        { "cpu", "auto: found no NVIDIA driver", [] },
    };

    [Theory]
    [MemberData(nameof(Machines))]
    public void Auto_FollowsTheDevice_AndSaysHowToDecideOtherwise(string backend, string reason, string[] files)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There the driver's library is asked for.");

        Assert.Equal((backend, reason, backend == "cuda" ? "; -p:TorchBackend=cpu builds without CUDA" : "; -p:TorchBackend=cuda builds for a GPU"), detection.On(files));
    }
}
