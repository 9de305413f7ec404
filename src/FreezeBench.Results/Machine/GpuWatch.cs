namespace FreezeBench.Results.Machine;

/// <summary>Collects over one case what state the GPU was in while it was measured, and how much memory it used at most.</summary>
/// <remarks>Sample between measured iterations, outside the clock, and from time to time within them. Few samples do for the
/// memory: libtorch's allocator keeps what it once took from the driver, so the figure after the last step is the peak,
/// unless its cache was emptied on the way.</remarks>
/// <param name="device">The GPU, or null where none is used or it is not certain which: then everything is unknown.</param>
public sealed class GpuWatch(NvmlDevice? device) : IStateWatch
{
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

    /// <summary>Largest memory use in bytes, measured spans or not: this process's if NVML tells it, else the whole GPU's (other
    /// programs included, so an upper bound); null where no sample could tell.</summary>
    public long? PeakMemoryBytes { get; private set; }

    /// <inheritdoc/>
    public void BeginSpan() => measuring = true;

    /// <inheritdoc/>
    public void Sample()
    {
        var state = device?.ReadState() ?? new GpuState();
        if ((state.ProcessMemoryBytes ?? state.UsedMemoryBytes) is { } used)
            PeakMemoryBytes = Math.Max(PeakMemoryBytes ?? 0, used);
        if (measuring)
            Add(state);
    }

    /// <inheritdoc/>
    public void EndSpan()
    {
        Sample();
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
