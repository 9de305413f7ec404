using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Tests.Rows;

namespace FreezeBench.Tool.Tests.Peers;

/// <summary>A results folder with runs of TorchSharp and of a twin, made up.</summary>
internal sealed class MadeUpPeers : IDisposable
{
    internal static EnvironmentRecord Ours { get; } = new()
    {
        Torch = new TorchFacts { Device = "cpu", Backend = "cpu", TorchSharpVersion = "0.107.0", LibtorchVersion = "2.10.0", Threads = 2 },
        Machine = new MachineFacts
        {
            CpuModel = "AMD EPYC",
            CpuFamily = "AuthenticAMD family 26 model 2 stepping 1",
            CpuVectorExtension = "avx512",
            LogicalCores = 2,
            OperatingSystem = "Debian",
            KernelVersion = "6.1.0.0",
            Architecture = "x64",
            DotNetVersion = ".NET 10.0.0",
        },
        Gpu = GpuFacts.None,
    };

    internal static EnvironmentRecord Theirs { get; } = Ours with
    {
        Torch = Ours.Torch with { TorchSharpVersion = "unused; PyTorch", LibtorchVersion = "2.9.1" },
        Machine = Ours.Machine with { KernelVersion = "6.1.2.0", DotNetVersion = "unused; Python 3.11.2" },
    };

    /// <summary>The same environment as a program of schema version 1 saw it.</summary>
    internal static EnvironmentRecord Old(EnvironmentRecord environment) => environment with
    {
        SchemaVersion = 1,
        Machine = environment.Machine with { CpuFamily = Unknown.Text, CpuVectorExtension = Unknown.Text },
    };

    internal static BenchmarkCase Case => MadeUpCase.Step;

    internal static BenchmarkCase Twin { get; } = Case with { Framework = "pytorch" };

    internal string Folder { get; } = Directory.CreateTempSubdirectory("freezebench-peers-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>Adds a run of one case whose median is given, in ms.</summary>
    /// <param name="environment">Of the run.</param>
    /// <param name="number">Runs sort by it.</param>
    /// <param name="measured">The case.</param>
    /// <param name="medianMs">The run's median.</param>
    /// <param name="peakMemoryBytes">Null: unknown.</param>
    /// <param name="source">Of this.</param>
    /// <returns>Its run id.</returns>
    internal string Add(EnvironmentRecord environment, int number, BenchmarkCase measured, double medianMs, long? peakMemoryBytes = null, MemorySource source = MemorySource.ResidentPeak)
    {
        var store = new ResultStore(Path.Combine(Folder, environment.Id));
        var stamp = new RunStamp
        {
            RunId = $"2026010{number}T000000Z-0011aabb",
            EnvironmentId = environment.Id,
            UtcTime = DateTimeOffset.UnixEpoch,
            Git = new GitState { Commit = "0123456789", Dirty = false },
        };
        store.WriteEnvironment(environment);
        store.Append(new BenchmarkMeasurement { Case = measured, WarmUpCount = 1, OperationsPerSample = 1, SamplesMs = [medianMs - 1, medianMs, medianMs + 2], PeakMemory = peakMemoryBytes is { } bytes ? new(bytes, source) : null }.ToRow(stamp));
        return stamp.RunId;
    }

    /// <summary>Three runs of ours and, between them, two of theirs.</summary>
    internal MadeUpPeers WithFiveRuns()
    {
        Add(Ours, 1, Case, 100);
        Add(Theirs, 2, Twin, 50);
        Add(Ours, 3, Case, 110);
        Add(Theirs, 4, Twin, 60);
        Add(Ours, 5, Case, 120);
        return this;
    }
}
