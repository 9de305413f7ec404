namespace FreezeBench.Results.Machine;

/// <summary>How rows name what holds clocks down.</summary>
public static class ThrottleReasonNames
{
    /// <summary>A CPU package got too hot and slowed itself down.</summary>
    public const string CpuPackageHeat = "cpu_package_thermal";

    private static readonly (ThrottleReasons Reason, string Name)[] ofGpus =
    [
        (ThrottleReasons.HwPowerBrakeSlowdown, "hw_power_brake_slowdown"),
        (ThrottleReasons.HwSlowdown, "hw_slowdown"),
        (ThrottleReasons.HwThermalSlowdown, "hw_thermal_slowdown"),
        (ThrottleReasons.SwPowerCap, "sw_power_cap"),
        (ThrottleReasons.SwThermalSlowdown, "sw_thermal_slowdown"),
    ];

    /// <summary>Every name, in ordinal order: those of <see cref="GpuState.CountedAsThrottling"/>, and the CPU's.</summary>
    public static IReadOnlyList<string> All { get; } = [CpuPackageHeat, .. ofGpus.Select(reason => reason.Name)];

    /// <summary>The text of a column.</summary>
    /// <param name="reasons">What was seen; what does not count as throttling is left out.</param>
    public static string Text(ThrottleReasons reasons) => Text(ofGpus.Where(one => reasons.HasFlag(one.Reason)).Select(one => one.Name));

    /// <summary>The same of names.</summary>
    public static string Text(IEnumerable<string> names) => string.Join('+', names.Order(StringComparer.Ordinal)) is { Length: > 0 } text ? text : WatchedState.NoReasons;
}
