namespace FreezeBench.Results.Machine;

/// <summary>A GPU at one moment. Null is unknown.</summary>
public sealed record GpuState
{
    /// <summary>The reasons that make a measurement slower than the hardware allows. Idle, clocks set by the user or for
    /// a display, and levelling within a group are choices or harmless, and do not count.</summary>
    public const ThrottleReasons CountedAsThrottling = ThrottleReasons.SwPowerCap | ThrottleReasons.HwSlowdown
        | ThrottleReasons.SwThermalSlowdown | ThrottleReasons.HwThermalSlowdown | ThrottleReasons.HwPowerBrakeSlowdown;

    /// <summary>Clock of the multiprocessors in MHz.</summary>
    public int? SmClockMhz { get; init; }

    /// <summary>Temperature of the GPU in degrees Celsius.</summary>
    public int? TemperatureCelsius { get; init; }

    /// <summary>Power draw in milliwatts, the driver's average of about the last second.</summary>
    public long? PowerMilliwatts { get; init; }

    /// <summary>Energy used since the driver was loaded, in millijoules; differences are a run's energy.</summary>
    public long? EnergyMillijoules { get; init; }

    /// <summary>What holds the clocks down.</summary>
    public ThrottleReasons? Throttling { get; init; }

    /// <summary>Memory in use on the whole GPU, by all processes, in bytes.</summary>
    public long? UsedMemoryBytes { get; init; }

    /// <summary>Memory in use by this process, in bytes; unknown in most containers and under Windows.</summary>
    public long? ProcessMemoryBytes { get; init; }
}
