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
    private bool hasBegun;
    private long? processPeak;
    private long? cardPeak;
    private ThrottleReasons? reasons;
    private int? temperatureMax;
    private int? clockMin;
    private int? clockStart;
    private int? clockEnd;

    /// <inheritdoc/>
    public WatchedState State => new()
    {
        Throttled = reasons is { } seen ? (seen & GpuState.CountedAsThrottling) != 0 : null,
        TemperatureMaxC = temperatureMax,
        ClockMinMhz = clockMin,
        ClockStartMhz = clockStart,
        ClockEndMhz = clockEnd,
        ThrottleReasons = reasons is { } all ? ThrottleReasonNames.Text(all) : Unknown.Text,
    };

    /// <summary>
    /// How much more memory was in use at the end of a measured span than when the watch began, at most: this process's if NVML
    /// tells it both times, else the whole GPU's (what other programs took or gave back meanwhile included); null where no span could tell.
    /// </summary>
    public MeasuredMemory? PeakMemory =>
        processPeak is { } own ? new(own, MemorySource.ProcessGrowth) : cardPeak is { } grown ? new(grown, MemorySource.CardGrowth) : null;

    /// <inheritdoc/>
    public void BeginSpan()
    {
        if (!hasBegun)
            clockStart = WorkedAt(device?.ReadSensors());
        hasBegun = measuring = true;
    }

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
            clockEnd = WorkedAt(state);
            if (state.ProcessMemoryBytes - before.ProcessMemoryBytes is { } own)
                processPeak = Math.Max(processPeak ?? 0, own);
            if (state.UsedMemoryBytes - before.UsedMemoryBytes is { } grown)
                cardPeak = Math.Max(cardPeak ?? 0, grown);
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
        if (WorkedAt(state) is { } clock)
            clockMin = Math.Min(clockMin ?? clock, clock);
    }

    // A GPU that waits for its next batch lowers its clocks; that is no clock it worked at.
    private static int? WorkedAt(GpuState? state) => (state?.Throttling ?? ThrottleReasons.None).HasFlag(ThrottleReasons.GpuIdle) ? null : state?.SmClockMhz;
}
