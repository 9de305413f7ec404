using System.Globalization;
using System.Reflection;
using FreezeBench.Results.Machine;
using FreezeBench.Torch.Hardware;
using FreezeBench.Torch.Loading;
using TorchSharp;

namespace FreezeBench.Measurement;

/// <summary>What the process that loaded libtorch knows of its environment.</summary>
public static class TorchEnvironment
{
    /// <summary>The facts as they are now: set threads and precision before.</summary>
    /// <param name="device">The device of the run.</param>
    /// <param name="benchmarkDotNetVersion">Null in a program without BenchmarkDotNet.</param>
    public static TorchFacts Read(DeviceChoice device, string? benchmarkDotNetVersion = null)
    {
        TorchLibrary.Load();
        return new TorchFacts
        {
            Device = device.Name,
            Backend = TorchBuild.Backend,
            TorchSharpVersion = PackageVersion(typeof(torch).Assembly),
            LibtorchVersion = torch.__version__,
            BenchmarkDotNetVersion = benchmarkDotNetVersion ?? Unknown.Text,
            Threads = torch.get_num_threads(),
            MatmulTf32 = torch.backends.cuda.matmul.allow_tf32,
            CudnnTf32 = torch.backends.cudnn.allow_tf32,
        };
    }

    /// <summary>CUDA's driver as this process has it; null in a build for the CPU, which is not to call it, and where there is none. No context is made.</summary>
    public static CudaDriver? Cuda => TorchBuild.ForCuda ? CudaDriver.OfThisProcess : null;

    /// <summary>The drivers' word on a CUDA device; null without a driver.</summary>
    public static GpuFacts? Gpu(Nvml? nvml, int index) =>
        nvml is null && Cuda is null ? null : CudaDeviceMatch.Find(nvml?.Devices ?? [], index, Environment.GetEnvironmentVariable, Cuda).Facts;

    /// <summary>Memory of a CUDA device as it is now, in bytes; null where no driver tells.</summary>
    public static DeviceMemory? Memory(Nvml? nvml, int index) => CudaDeviceMatch.Memory(nvml, index, Environment.GetEnvironmentVariable, Cuda);

    /// <summary>Compute capability of a CUDA device by the driver; null: unknown.</summary>
    public static (int Major, int Minor)? ComputeCapability(Nvml? nvml, int index)
    {
        var parts = Gpu(nvml, index)?.ComputeCapability.Split('.') ?? [];
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? (major, minor)
            : null;
    }

    /// <summary>Version of the package that an assembly came with.</summary>
    public static string PackageVersion(Assembly assembly) =>
        // "0.107.0+commit": the commit says nothing that the version does not.
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? Unknown.Text;
}
