namespace FreezeBench.Results.Machine;

/// <summary>A counter of the energy that a device has used. It counts whatever the device does, for whichever program.</summary>
/// <remarks>Reading is safe from several threads: a timer reads counters that wrap around while a measurement reads its own ends.</remarks>
public abstract class EnergyMeter
{
    private readonly Lock reading = new();

    /// <summary>Source of NVML's counter of a whole GPU, which Volta and newer have.</summary>
    public const string Nvml = "nvml";

    /// <summary>Source of a GPU without that counter: its power, sampled and summed.</summary>
    public const string NvmlPower = "nvml-power";

    /// <summary>Source of the running average power limit's counters of all CPU packages, Intel's and AMD's.</summary>
    public const string Rapl = "rapl";

    /// <summary>Every source, and the word for none.</summary>
    public static IReadOnlyList<string> Sources { get; } = [Nvml, NvmlPower, Rapl, Unknown.Text];

    /// <summary>Who tells: a word of <see cref="Sources"/>.</summary>
    public abstract string Source { get; }

    /// <summary>Shortest time whose energy means anything: several times the period at which the counter is brought up to date.</summary>
    public abstract TimeSpan ShortestSpan { get; }

    /// <summary>Energy in J since the meter was opened.</summary>
    /// <returns>0 or more, and never less than the reading before; null where the counter does not answer (any more).</returns>
    public double? ReadJoules()
    {
        lock (reading)
            return Read();
    }

    /// <summary>One reading; no other is under way.</summary>
    protected abstract double? Read();

    /// <summary>The meter of a GPU; null where it tells neither energy nor power, or is only a part of a divided GPU.</summary>
    public static EnergyMeter? Of(NvmlDevice? device)
    {
        // NVML tells the energy of the whole board: that of a MIG slice's neighbours with it.
        if (device is null || device.IsDivided)
            return null;
        if (device.ReadEnergyMillijoules() is not null)
            return new NvmlEnergyMeter(device);
        return device.ReadPowerMilliwatts() is not null ? new NvmlPowerMeter(device.ReadPowerMilliwatts, TimeProvider.System) : null;
    }
}
