using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Reports;

/// <summary>An environment's record in words.</summary>
internal static class EnvironmentFacts
{
    /// <summary>Facts in reading order. Those of a GPU only where the run used one: else they mislead.</summary>
    internal static IReadOnlyList<EnvironmentFact> Of(EnvironmentRecord environment)
    {
        var (torch, machine, gpu) = (environment.Torch, environment.Machine, environment.Gpu);
        List<EnvironmentFact> facts = [new("Device", torch.Device)];
        if (torch.UsesGpu)
        {
            facts.AddRange(
            [
                new("GPU", gpu.Name),
                new("GPU memory", Bytes(gpu.MemoryBytes)),
                new("Driver", $"{gpu.DriverVersion}, CUDA up to {gpu.CudaDriverVersion}"),
                new("Compute capability", gpu.ComputeCapability),
                new("Highest clocks", $"{Clock(gpu.MaxSmClockMhz)}, memory {Clock(gpu.MaxMemoryClockMhz)}"),
            ]);
        }
        facts.Add(new("CPU", EnvironmentName.Cpu(machine)));
        // Records of schema version 1 have none, and their reports stay as they are.
        if (machine.CpuFamily != Unknown.Text)
            facts.Add(new("CPU family", machine.CpuFamily));
        facts.AddRange(
        [
            new("Threads", Numbers.Count(torch.Threads)),
            new("Memory", Bytes(machine.MemoryBytes)),
            new("System", $"{machine.OperatingSystem}, kernel {machine.KernelVersion}, {machine.Architecture}"),
            new(".NET", machine.DotNetVersion),
            new("TorchSharp", torch.TorchSharpVersion),
            new("libtorch", $"{torch.LibtorchVersion} ({torch.Backend})"),
        ]);
        if (torch.BenchmarkDotNetVersion != Unknown.Text)
            facts.Add(new("BenchmarkDotNet", torch.BenchmarkDotNetVersion));
        return facts;
    }

    private static string Bytes(long? bytes) => bytes is { } known ? Numbers.Bytes(known) : Unknown.Text;

    private static string Clock(int? mhz) => mhz is { } known ? $"{Numbers.Count(known)} MHz" : Unknown.Text;
}
