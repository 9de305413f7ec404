using FreezeBench.Measurement;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Verification;

namespace FreezeBench.DeviceChecks;

/// <summary>What the driver or the system tells of a device, and what this user may read.</summary>
internal static class FactsCheck
{
    internal static CheckFinding Find(CheckedDevice device)
    {
        var record = device.Environment;
        using var nvml = device.IsCuda ? Nvml.TryOpen() : null;
        var watched = EnvironmentProbe.WatchableDevice(record.Torch, nvml, TorchEnvironment.Cuda);
        List<string> missing = device.IsCuda ? MissingOfGpu(record.Gpu, watched) : MissingOfHost(record.Machine);
        IReadOnlyList<VerifiedFigure> figures = device.IsCuda
            ? Sensors(watched)
            : [new("cores", record.Machine.PhysicalCores ?? double.NaN), new("memory_bytes", record.Machine.MemoryBytes ?? double.NaN)];
        return missing is [] ? CheckFinding.Of(figures) : CheckFinding.Failed($"nobody tells {string.Join(", ", missing)}", figures);
    }

    private static List<string> MissingOfHost(MachineFacts facts) =>
        [.. new[] { ("the CPU's name", facts.CpuModel == Unknown.Text), ("the memory's size", facts.MemoryBytes is null) }.Where(fact => fact.Item2).Select(fact => fact.Item1)];

    private static List<string> MissingOfGpu(GpuFacts facts, NvmlDevice? watched)
    {
        var state = watched?.ReadState();
        return [.. new[]
        {
            ("the GPU's name", facts.Name == Unknown.Text),
            ("its memory", facts.MemoryBytes is null),
            ("its compute capability", facts.ComputeCapability == Unknown.Text),
            ("the driver's version", facts.DriverVersion == Unknown.Text),
            ("which of NVML's devices it is", watched is null),
            ("its clock", state?.SmClockMhz is null),
            ("its temperature", state?.TemperatureCelsius is null),
            ("what holds its clocks down", state?.Throttling is null),
        }.Where(fact => fact.Item2).Select(fact => fact.Item1)];
    }

    // Without limits: older boards have no energy counter, and containers hide the memory of processes.
    private static List<VerifiedFigure> Sensors(NvmlDevice? watched)
    {
        var state = watched?.ReadState() ?? new GpuState();
        return
        [
            new("clock_mhz", state.SmClockMhz ?? double.NaN), new("temperature_c", state.TemperatureCelsius ?? double.NaN),
            new("power_mw", state.PowerMilliwatts ?? double.NaN), new("energy_mj", state.EnergyMillijoules ?? double.NaN),
            new("used_memory_bytes", state.UsedMemoryBytes ?? double.NaN), new("process_memory_bytes", state.ProcessMemoryBytes ?? double.NaN),
        ];
    }
}
