using FreezeBench.Results.Machine;
using FreezeBench.Torch.Hardware;
using TorchSharp;

namespace FreezeBench.Measurement;

/// <summary>
/// Watches memory, temperature, clocks, throttling and energy while something is measured. Sensors are read at the ends of measured
/// spans, and in between by a thread of its own: on CUDA four times a second, on the CPU every five seconds, and not at all
/// where it has no sensors. Memory of the CPU is asked of the operating system once, at the end.
/// </summary>
public sealed class DeviceWatch : IDisposable
{
    private static readonly TimeSpan gpuPeriod = TimeSpan.FromMilliseconds(250); // Clocks change within tens of ms; throttling lasts.

    // A reading is some files for each core, which libtorch's threads would rather compute on. Energy counters of servers wrap
    // around within minutes, though, and must be read before.
    private static readonly TimeSpan cpuPeriod = TimeSpan.FromSeconds(5);

    private readonly DeviceChoice device;
    private readonly Nvml? nvml;
    private readonly GpuWatch? gpu;
    private readonly IStateWatch watch;
    private readonly Timer? timer;
    private readonly Lock sampling = new();
    private bool disposed;

    private DeviceWatch(DeviceChoice device, string systemRoot)
    {
        this.device = device;
        if (device.Type == DeviceType.CUDA)
        {
            nvml = Nvml.TryOpen();
            var watched = EnvironmentProbe.WatchableDevice(TorchEnvironment.Read(device), nvml, TorchEnvironment.Cuda);
            gpu = new GpuWatch(watched);
            watch = gpu;
            Energy = EnergyMeter.Of(watched);
            timer = new Timer(_ => Sample(), null, TimeSpan.Zero, gpuPeriod);
            return;
        }
        var sensors = CpuSensors.Find(systemRoot);
        watch = new CpuWatch(sensors, torch.get_num_threads());
        Energy = RaplEnergyMeter.TryOpen(Path.Combine(systemRoot, "class", "powercap"));
        if (!sensors.IsEmpty || Energy is not null)
            timer = new Timer(_ => Sample(), null, cpuPeriod, cpuPeriod);
    }

    /// <summary>The energy counter of the device; null where it has none or this user may not read it. Not to be used after <see cref="Dispose"/>.</summary>
    public EnergyMeter? Energy { get; }

    /// <summary>What was seen in the measured spans that have ended.</summary>
    public WatchedState State
    {
        get
        {
            lock (sampling)
                return watch.State;
        }
    }

    /// <summary>Starts to watch; on CUDA when the process has its context and, of what is to be measured, nothing on the GPU yet.</summary>
    /// <param name="device">What is measured on. On the CPU, as many cores are taken to work as libtorch has threads now.</param>
    /// <param name="systemRoot">Where Linux publishes the CPU's sensors.</param>
    public static DeviceWatch Start(DeviceChoice device, string systemRoot = "/sys") => new DeviceWatch(device, systemRoot);

    /// <summary>A measured span begins: what the sensors show from here on counts.</summary>
    public void Begin()
    {
        lock (sampling)
            watch.BeginSpan();
    }

    /// <summary>It ends.</summary>
    public void End()
    {
        lock (sampling)
            watch.EndSpan();
    }

    /// <summary>Peak memory up to now.</summary>
    /// <returns>
    /// On CUDA what was taken of the GPU's memory from the start of the watch to the end of a measured span (<see cref="GpuWatch.PeakMemory"/>), else the
    /// largest resident size of this process since its start; null where that cannot be known.
    /// </returns>
    public MeasuredMemory? PeakMemory()
    {
        // Of Apple's GPUs nobody is asked.
        if (gpu is null)
            return device.Type == DeviceType.CPU && HostMemory.PeakBytes() is { } bytes ? new(bytes, MemorySource.ResidentPeak) : null;
        lock (sampling)
            return gpu.PeakMemory;
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
            if (disposed)
                return;
            watch.Sample();
            // For its own sake: counters wrap around, and power is summed from readings.
            Energy?.ReadJoules();
        }
    }
}
