using FreezeBench.Results.Comparison;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Tests.Comparison;

/// <summary>Made-up machines and their runs.</summary>
internal static class MadeUpMachines
{
    /// <summary>Levels of three runs.</summary>
    private static readonly double[] levels = [0.98, 1.0, 1.02];

    internal static EnvironmentRecord Epyc => Examples.Cpu;

    internal static EnvironmentRecord Xeon { get; } = Examples.Cpu with
    {
        Machine = Examples.Cpu.Machine with { CpuModel = "Intel(R) Xeon(R) Processor", CpuFamily = "GenuineIntel family 6 model 207 stepping 2", LogicalCores = 8 },
        Torch = Examples.Cpu.Torch with { Threads = 8 },
    };

    internal static EnvironmentRecord Hopper => Examples.Gpu;

    internal static EnvironmentRecord Lovelace { get; } = Examples.Gpu with { Gpu = Examples.Gpu.Gpu with { Name = "NVIDIA L4", MemoryBytes = 24_000_000_000, ComputeCapability = "8.9" } };

    internal static EnvironmentRecord Twin { get; } = Examples.Cpu with
    {
        Torch = Examples.Cpu.Torch with { TorchSharpVersion = "unused; PyTorch", LibtorchVersion = "2.6.0" },
        Machine = Examples.Cpu.Machine with { DotNetVersion = "unused; Python 3.11.2" },
    };

    /// <summary>A standard workload's epoch: random weights, 32 px, batch 128, 1024 images.</summary>
    internal static BenchmarkRow Standard(BenchmarkRow row) => row with { Suite = "epoch", Phase = "epoch", Weights = "random", Images = 1024 };

    /// <summary>A run of each policy whose centre is given in ms; samples scatter by 1 %.</summary>
    internal static IEnumerable<MeasuredCase> Run(EnvironmentRecord environment, string run, IReadOnlyDictionary<string, double> centres, Func<BenchmarkRow, BenchmarkRow>? change = null) =>
        centres.Select((policy, place) => Measured.Case(run, Measured.About(policy.Value, place + run.Sum(character => character)), "epoch", policy.Key, row =>
        {
            var made = Standard(row) with { EnvironmentId = environment.Id, Device = environment.Torch.Device, Threads = environment.Torch.Threads };
            return change is null ? made : change(made);
        }));

    /// <summary>Three runs of fine-tune and frozen, with 2 % from run to run, <paramref name="slower"/> times as slow as 100 and 20 ms.</summary>
    internal static IReadOnlyList<MeasuredCase> Runs(EnvironmentRecord environment, double slower, string prefix, Func<BenchmarkRow, BenchmarkRow>? change = null) =>
    [
        .. levels.SelectMany((noise, run) => Run(environment, $"{prefix}{run}",
            new Dictionary<string, double> { ["fine-tune"] = 100 * slower * noise, ["frozen"] = 20 * slower * noise }, change)),
    ];

    internal static Selection Side(string name, IEnumerable<EnvironmentRecord> environments, params IEnumerable<MeasuredCase> cases) =>
        new() { Name = name, Cases = [.. cases], Environments = [.. environments] };
}
