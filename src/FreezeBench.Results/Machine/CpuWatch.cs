namespace FreezeBench.Results.Machine;

/// <summary>Collects over one case what state the CPU was in while it was measured.</summary>
/// <param name="sensors">Where to look.</param>
/// <param name="threads">Threads that work, 1 or more.</param>
public sealed class CpuWatch(CpuSensors sensors, int threads) : IStateWatch
{
    private bool measuring;
    private long? throttleCount;
    private bool? throttled;
    private double? temperatureMax;
    private double? clockMin;

    /// <inheritdoc/>
    public WatchedState State => new()
    {
        Throttled = throttled,
        TemperatureMaxC = temperatureMax,
        ClockMinMhz = clockMin,
        ThrottleReasons = throttled switch { null => Unknown.Text, true => ThrottleReasonNames.CpuPackageHeat, false => WatchedState.NoReasons },
    };

    /// <inheritdoc/>
    public void BeginSpan()
    {
        measuring = true;
        throttleCount = sensors.ReadThrottleCount();
    }

    /// <inheritdoc/>
    public void Sample()
    {
        if (!measuring)
            return;
        if (sensors.ReadTemperatureC() is { } temperature)
            temperatureMax = Math.Max(temperatureMax ?? temperature, temperature);
        if (sensors.ReadClockMhz(threads) is { } clock)
            clockMin = Math.Min(clockMin ?? clock, clock);
    }

    /// <inheritdoc/>
    public void EndSpan()
    {
        Sample();
        // The counts only rise: what happened between two readings is in their difference.
        if (throttleCount is { } before && sensors.ReadThrottleCount() is { } now)
            throttled = throttled == true || now > before;
        measuring = false;
    }
}
