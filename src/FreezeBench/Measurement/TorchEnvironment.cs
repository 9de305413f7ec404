using System.Globalization;
using System.Reflection;
using FreezeBench.Native;
using FreezeBench.Results.Machine;
using TorchSharp;

namespace FreezeBench.Measurement;

/// <summary>What the process that loaded libtorch knows of its environment.</summary>
public static class TorchEnvironment
{
    /// <summary>The facts as they are now: set threads before.</summary>
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

    /// <summary>
    /// Arithmetic of the network: <c>fp32</c>, or <c>tf32</c> on a GPU where libtorch lets fp32 convolutions run in TF32
    /// (its default; 10 bits of mantissa instead of 23) and the GPU can: from compute capability 8.0 (Ampere) on.
    /// </summary>
    /// <param name="device">The device of the run.</param>
    /// <param name="computeCapability">Of a CUDA device; null is unknown and counts as new, since most are.</param>
    public static string Precision(DeviceChoice device, (int Major, int Minor)? computeCapability) =>
        device.Type == DeviceType.CUDA && torch.backends.cudnn.allow_tf32 && (computeCapability?.Major ?? 8) >= 8 ? "tf32" : "fp32";

    /// <summary>The driver's word on a CUDA device; null without a driver.</summary>
    public static GpuFacts? Gpu(Nvml? nvml, int index) =>
        nvml is null ? null : CudaDeviceMatch.Find(nvml.Devices, index, Environment.GetEnvironmentVariable).Facts;

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
