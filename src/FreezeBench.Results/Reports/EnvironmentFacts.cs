using FreezeBench.Results.Machine;

namespace FreezeBench.Results.Reports;

/// <summary>An environment's record in words.</summary>
internal static class EnvironmentFacts
{
    /// <summary>Facts in reading order. Those of a GPU only where the run used one: else they mislead.</summary>
    internal static IReadOnlyList<(string Name, string Value)> Of(EnvironmentRecord environment)
    {
        var (torch, machine, gpu) = (environment.Torch, environment.Machine, environment.Gpu);
        List<(string, string)> facts = [("Device", torch.Device)];
        if (torch.UsesGpu)
        {
            facts.AddRange(
            [
                ("GPU", gpu.Name),
                ("GPU memory", Bytes(gpu.MemoryBytes)),
                ("Driver", $"{gpu.DriverVersion}, CUDA up to {gpu.CudaDriverVersion}"),
                ("Compute capability", gpu.ComputeCapability),
                ("Highest clocks", $"{Clock(gpu.MaxSmClockMhz)}, memory {Clock(gpu.MaxMemoryClockMhz)}"),
            ]);
        }
        facts.AddRange(
        [
            ("CPU", EnvironmentName.Cpu(machine)),
        ]);
        // Records of schema version 1 have none, and their reports stay as they are.
        if (machine.CpuFamily != Unknown.Text)
            facts.Add(("CPU family", machine.CpuFamily));
        facts.AddRange(
        [
            ("Threads", Numbers.Count(torch.Threads)),
            ("Memory", Bytes(machine.MemoryBytes)),
            ("System", $"{machine.OperatingSystem}, kernel {machine.KernelVersion}, {machine.Architecture}"),
            (".NET", machine.DotNetVersion),
            ("TorchSharp", torch.TorchSharpVersion),
            ("libtorch", $"{torch.LibtorchVersion} ({torch.Backend})"),
        ]);
        if (torch.BenchmarkDotNetVersion != Unknown.Text)
            facts.Add(("BenchmarkDotNet", torch.BenchmarkDotNetVersion));
        return facts;
    }

    private static string Bytes(long? bytes) => bytes is { } known ? Numbers.Bytes(known) : Unknown.Text;

    private static string Clock(int? mhz) => mhz is { } known ? $"{Numbers.Count(known)} MHz" : Unknown.Text;
}
