using FreezeBench.Native;
using FreezeBench.Results.Machine;
using TorchSharp;

namespace FreezeBench.Measurement;

/// <summary>
/// Watches memory and throttling while something is measured: on CUDA a thread of its own asks the driver four times a
/// second, on the CPU nothing runs and the operating system is asked once at the end.
/// </summary>
public sealed class DeviceWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250); // Clocks change within tens of ms; throttling lasts.

    private readonly Nvml? nvml;
    private readonly GpuWatch? gpu;
    private readonly Timer? timer;
    private readonly Lock sampling = new();
    private bool disposed;

    private DeviceWatch(DeviceChoice device)
    {
        if (device.Type != DeviceType.CUDA)
            return;
        nvml = Nvml.TryOpen();
        gpu = new GpuWatch(EnvironmentProbe.WatchableDevice(TorchEnvironment.Read(device), nvml));
        timer = new Timer(_ => Sample(), null, TimeSpan.Zero, Period);
    }

    /// <summary>Starts to watch.</summary>
    public static DeviceWatch Start(DeviceChoice device) => new(device);

    /// <summary>Stops watching.</summary>
    /// <returns>
    /// Peak memory in bytes (GPU memory on CUDA, else the largest resident size of this process since its start) and
    /// whether the GPU was throttled at any sample; null where that cannot be known.
    /// </returns>
    public (long? PeakMemoryBytes, bool? Throttled) Stop()
    {
        if (gpu is null)
            return (HostMemory.PeakBytes(), null);
        Sample();
        return (gpu.PeakMemoryBytes, gpu.Throttled);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        timer?.Dispose();
        lock (sampling)
        {
            disposed = true;
            nvml?.Dispose();
        }
    }

    private void Sample()
    {
        lock (sampling)
        {
            // A timer's last call may come after it was disposed.
            if (!disposed)
                gpu!.Sample();
        }
    }
}
