namespace FreezeBench.Results.Machine;

/// <summary>Collects over one case what state the GPU was in while it was measured, and how much memory it used at most.</summary>
/// <remarks>Sample from time to time within measured spans: that reads the sensors alone. Memory is read where the watch begins, which is to be when
/// the process has its context and nothing else on the GPU yet, and at the ends of measured spans: libtorch's allocator keeps what it once
/// took from the driver, so the figure after the last step is the peak, unless its cache was emptied on the way.</remarks>
/// <param name="device">The GPU, or null where none is used or it is not certain which: then everything is unknown.</param>
public sealed class GpuWatch(NvmlDevice? device) : IStateWatch
{
    // Null too where NVML was not asked, since there is no GPU.
    private readonly GpuState before = device?.ReadState() ?? new GpuState();
    private bool measuring;
    private ThrottleReasons? reasons;
    private int? temperatureMax;
    private int? clockMin;

    /// <inheritdoc/>
    public WatchedState State => new()
    {
        Throttled = reasons is { } seen ? (seen & GpuState.CountedAsThrottling) != 0 : null,
        TemperatureMaxC = temperatureMax,
        ClockMinMhz = clockMin,
        ThrottleReasons = reasons is { } all ? ThrottleReasonNames.Text(all) : Unknown.Text,
    };

    /// <summary>
    /// How much more memory was in use at the end of a measured span than when the watch began, at most, in bytes: this process's if NVML
    /// tells it both times, else the whole GPU's (what other programs took or gave back meanwhile included); null where no span could tell.
    /// </summary>
    public long? PeakMemoryBytes { get; private set; }

    /// <inheritdoc/>
    public void BeginSpan() => measuring = true;

    /// <inheritdoc/>
    public void Sample()
    {
        if (measuring && device is not null)
            Add(device.ReadSensors());
    }

    /// <inheritdoc/>
    public void EndSpan()
    {
        if (measuring && device?.ReadState() is { } state)
        {
            Add(state);
            if (state.ProcessMemoryBytes - before.ProcessMemoryBytes is { } own)
                PeakMemoryBytes = Math.Max(PeakMemoryBytes ?? 0, own);
            else if (state.UsedMemoryBytes - before.UsedMemoryBytes is { } grown)
                PeakMemoryBytes = Math.Max(PeakMemoryBytes ?? 0, grown);
        }
        measuring = false;
    }

    /// <summary>Takes in a state of a measured span.</summary>
    internal void Add(GpuState state)
    {
        if (state.Throttling is { } throttling)
            reasons = (reasons ?? ThrottleReasons.None) | throttling;
        if (state.TemperatureCelsius is { } temperature)
            temperatureMax = Math.Max(temperatureMax ?? temperature, temperature);
        // A GPU that waits for its next batch lowers its clocks; that is no clock it worked at.
        if (state.SmClockMhz is { } clock && !(state.Throttling ?? ThrottleReasons.None).HasFlag(ThrottleReasons.GpuIdle))
            clockMin = Math.Min(clockMin ?? clock, clock);
    }
}
