using System.Globalization;

namespace FreezeBench.Results.Machine;

/// <summary>Puts together the environment record of a run.</summary>
public static class EnvironmentProbe
{
    /// <summary>The record of this machine, its GPU described by <paramref name="nvml"/>.</summary>
    /// <param name="torch">What the process that loaded libtorch knows.</param>
    /// <param name="nvml">From <see cref="Nvml.TryOpen()"/>; null gives unknown GPU facts.</param>
    public static EnvironmentRecord Capture(TorchFacts torch, Nvml? nvml) => new()
    {
        Torch = torch,
        Machine = MachineProbe.Capture(),
        Gpu = Match(torch, nvml).Facts,
    };

    /// <summary>The same, with the driver's own library opened and closed for it.</summary>
    public static EnvironmentRecord Capture(TorchFacts torch)
    {
        using var nvml = Nvml.TryOpen();
        return Capture(torch, nvml);
    }

    /// <summary>The GPU to watch during a run; null where the device is the CPU or it is not certain which GPU it is.</summary>
    public static NvmlDevice? WatchableDevice(TorchFacts torch, Nvml? nvml)
    {
        ArgumentNullException.ThrowIfNull(torch);
        return torch.UsesGpu ? Match(torch, nvml).Device : null;
    }

    private static (GpuFacts Facts, NvmlDevice? Device) Match(TorchFacts torch, Nvml? nvml)
    {
        ArgumentNullException.ThrowIfNull(torch);
        var parts = torch.Device.Split(':');
        // "cuda" alone is CUDA's current device, 0 unless somebody changed it; "cpu" describes that GPU for information.
        var index = parts.Length == 2 ? int.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        return nvml is null ? (GpuFacts.None, null) : CudaDeviceMatch.Find(nvml.Devices, index, Environment.GetEnvironmentVariable);
    }
}
