using System.Globalization;

namespace FreezeBench.Results.Machine;

/// <summary>One GPU as NVML sees it. What a call refuses, or a driver does not offer, is unknown.</summary>
public sealed class NvmlDevice
{
    private const uint SmClock = 1;
    private const uint MemoryClock = 2;
    private const uint GpuSensor = 0;

    /// <summary>What Windows' driver model reports where it hides the memory of single processes.</summary>
    private const ulong NotAvailable = ulong.MaxValue;

    private readonly NvmlLibrary library;
    private readonly Nvml nvml;
    private readonly nint device;

    internal NvmlDevice(NvmlLibrary library, Nvml nvml, nint device, int index)
    {
        (this.library, this.nvml, this.device) = (library, nvml, device);
        Index = index;
        Uuid = library.DeviceUuid is { } uuid && device != 0 ? NvmlLibrary.Text((text, length) => uuid(device, text, length)) : Unknown.Text;
        PciBusId = library.DevicePci is { } pci && device != 0 && pci(device, out var place) == 0 ? new(place.Domain, place.Bus, place.Device) : null;
        Facts = ReadFacts();
    }

    /// <summary>Position in NVML's order, from 0.</summary>
    public int Index { get; }

    /// <summary>The GPU's own identifier, <c>GPU-...</c>, or "unknown".</summary>
    public string Uuid { get; }

    /// <summary>Where it is; null is unknown.</summary>
    public PciPlace? PciBusId { get; }

    /// <summary>What does not change during a run.</summary>
    public GpuFacts Facts { get; }

    /// <summary>Whether it is divided into slices (MIG): what NVML tells of the board is then not that of one slice.</summary>
    public bool IsDivided => device != 0 && library.DeviceMigMode is { } mode && mode(device, out var current, out _) == 0 && current == 1;

    /// <summary>Energy used since the driver was loaded, in millijoules, alone: the whole state costs many times as much.</summary>
    public long? ReadEnergyMillijoules() => device == 0 ? null : Long(library.DeviceEnergy);

    /// <summary>Power draw in milliwatts, alone.</summary>
    public long? ReadPowerMilliwatts() => device != 0 && library.DevicePower is { } power && power(device, out var milliwatts) == 0 ? milliwatts : null;

    /// <summary>What changes during a run: clocks, temperature, power, throttling, memory.</summary>
    public GpuState ReadState() => device == 0 ? new GpuState() : ReadSensors() with
    {
        UsedMemoryBytes = library.DeviceMemory is { } memory && memory(device, out var info) == 0 ? (long)info.Used : null,
        ProcessMemoryBytes = ProcessMemory(),
    };

    /// <summary>
    /// The same without memory, which is unknown: the driver makes a list of all processes for it under a lock that kernels are launched under
    /// too, and so it is no question for the middle of a measurement.
    /// </summary>
    public GpuState ReadSensors() => device == 0 ? new GpuState() : new GpuState
    {
        SmClockMhz = Selected(library.DeviceClock, SmClock),
        TemperatureCelsius = Selected(library.DeviceTemperature, GpuSensor) ?? Temperature(),
        PowerMilliwatts = ReadPowerMilliwatts(),
        EnergyMillijoules = ReadEnergyMillijoules(),
        Throttling = (ThrottleReasons?)Long(library.DeviceThrottleReasons),
    };

    private GpuFacts ReadFacts()
    {
        if (device == 0)
            return GpuFacts.None;
        var divided = IsDivided;
        var name = library.DeviceName is { } getName ? NvmlLibrary.Text((text, length) => getName(device, text, length)) : Unknown.Text;
        return new GpuFacts
        {
            Name = divided ? $"{name} (MIG slice)" : name,
            MemoryBytes = !divided && library.DeviceMemory is { } memory && memory(device, out var info) == 0 ? (long)info.Total : null,
            DriverVersion = nvml.DriverVersion,
            CudaDriverVersion = nvml.CudaDriverVersion,
            ComputeCapability = library.DeviceComputeCapability is { } capability && capability(device, out var major, out var minor) == 0
                ? string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}")
                : Unknown.Text,
            MaxSmClockMhz = Selected(library.DeviceMaxClock, SmClock),
            MaxMemoryClockMhz = Selected(library.DeviceMaxClock, MemoryClock),
        };
    }

    // The other function is to go with CUDA 14.
    private int? Temperature()
    {
        var temperature = NvmlTemperature.OfGpu;
        return library.DeviceTemperatureInfo is { } ask && ask(device, ref temperature) == 0 ? temperature.Celsius : null;
    }

    private int? Selected(NvmlLibrary.DeviceSelected? function, uint which) =>
        function is not null && function(device, which, out var number) == 0 ? (int)number : null;

    private long? Long(NvmlLibrary.DeviceLong? function) =>
        function is not null && function(device, out var number) == 0 ? (long)number : null;

    /// <summary>Null too where this process is not listed: inside a container NVML gives the host's process ids.</summary>
    private long? ProcessMemory()
    {
        var processes = new NvmlProcess[256];
        var count = (uint)processes.Length;
        if (library.DeviceProcesses is not { } list || list(device, ref count, processes) != 0)
            return null;
        var used = processes.Take((int)Math.Min(count, (uint)processes.Length))
            .Where(process => process.ProcessId == (uint)Environment.ProcessId && process.UsedBytes != NotAvailable)
            .Select(process => (long)process.UsedBytes)
            .ToList();
        return used.Count == 0 ? null : used.Sum();
    }
}
