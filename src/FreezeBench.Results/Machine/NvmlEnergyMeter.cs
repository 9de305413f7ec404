namespace FreezeBench.Results.Machine;

/// <summary>NVML's counter of a GPU (nvmlDeviceGetTotalEnergyConsumption): millijoules since the driver was loaded.</summary>
internal sealed class NvmlEnergyMeter(NvmlDevice device) : EnergyMeter
{
    private readonly long? start = device.ReadEnergyMillijoules();

    public override string Source => Nvml;

    // Drivers bring the counter up to date every 20 to 100 ms, by model: half a second has five such periods.
    public override TimeSpan ShortestSpan { get; } = TimeSpan.FromMilliseconds(500);

    protected override double? Read() =>
        // Less than at the start: the driver was loaded anew, and what was used in between is lost.
        device.ReadEnergyMillijoules() is { } now && now >= start ? (now - start) / 1000.0 : null;
}
