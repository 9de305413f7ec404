using System.Globalization;

namespace FreezeBench.Results.Machine;

/// <summary>Puts together the environment record of a run.</summary>
public static class EnvironmentProbe
{
    /// <summary>The record of this machine, its GPU described by <paramref name="nvml"/>.</summary>
    /// <param name="torch">What the process that loaded libtorch knows.</param>
    /// <param name="nvml">From <see cref="Nvml.TryOpen()"/>; null without one.</param>
    /// <param name="cuda">CUDA's own word on its devices; null without one. Without both the GPU is unknown.</param>
    public static EnvironmentRecord Capture(TorchFacts torch, Nvml? nvml, CudaDriver? cuda = null) => new()
    {
        Torch = torch,
        Machine = MachineProbe.Capture(),
        Gpu = Match(torch, nvml, cuda).Facts,
    };

    /// <summary>The same, with the driver's own library opened and closed for it.</summary>
    public static EnvironmentRecord Capture(TorchFacts torch)
    {
        using var nvml = Nvml.TryOpen();
        return Capture(torch, nvml);
    }

    /// <summary>The GPU to watch during a run; null where the device is the CPU or it is not certain which GPU it is.</summary>
    /// <param name="torch">Names the device.</param>
    /// <param name="nvml">Null without one: then nothing is watched.</param>
    /// <param name="cuda">CUDA's own word on its devices; null without one.</param>
    public static NvmlDevice? WatchableDevice(TorchFacts torch, Nvml? nvml, CudaDriver? cuda = null) =>
        torch.UsesGpu ? Match(torch, nvml, cuda).Device : null;

    private static (GpuFacts Facts, NvmlDevice? Device) Match(TorchFacts torch, Nvml? nvml, CudaDriver? cuda)
    {
        var parts = torch.Device.Split(':');
        // "cuda" alone is CUDA's current device, 0 unless somebody changed it; "cpu" describes that GPU for information.
        var index = parts.Length == 2 ? int.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        return CudaDeviceMatch.Find(nvml?.Devices ?? [], index, Environment.GetEnvironmentVariable, torch.UsesGpu ? cuda : null);
    }
}
