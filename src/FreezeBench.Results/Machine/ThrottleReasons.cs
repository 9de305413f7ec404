namespace FreezeBench.Results.Machine;

/// <summary>Why the GPU's clocks are what they are: NVML's bit mask nvmlClocksThrottleReason* (nvml.h).</summary>
[Flags]
public enum ThrottleReasons : long
{
    /// <summary>Nothing holds the clocks down.</summary>
    None = 0,

    /// <summary>Nothing runs.</summary>
    GpuIdle = 0x1,

    /// <summary>Clocks set by the user.</summary>
    ApplicationsClocksSetting = 0x2,

    /// <summary>The power limit.</summary>
    SwPowerCap = 0x4,

    /// <summary>The hardware halved the clocks or worse: temperature, power supply or an external brake.</summary>
    HwSlowdown = 0x8,

    /// <summary>Kept level with other GPUs of a group.</summary>
    SyncBoost = 0x10,

    /// <summary>Too hot, by the driver's limit.</summary>
    SwThermalSlowdown = 0x20,

    /// <summary>Too hot, by the hardware's limit.</summary>
    HwThermalSlowdown = 0x40,

    /// <summary>External power brake.</summary>
    HwPowerBrakeSlowdown = 0x80,

    /// <summary>Clocks set for a display.</summary>
    DisplayClockSetting = 0x100,
}
