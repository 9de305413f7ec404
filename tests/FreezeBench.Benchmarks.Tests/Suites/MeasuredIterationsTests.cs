using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Engines;
using FreezeBench.Benchmarks.Suites;
using FreezeBench.Measurement;
using FreezeBench.Torch.Hardware;
using TorchSharp;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Suites;

/// <summary>On BenchmarkDotNet's own event source, which its engine alone may write to, and a made-up energy counter.</summary>
public sealed class MeasuredIterationsTests : IDisposable
{
    private readonly DirectoryInfo system = Directory.CreateTempSubdirectory("freezebench-test-");
    private readonly Clock clock = new();
    private long microjoules;

    public MeasuredIterationsTests()
    {
        Write("name", "package-0");
        Write("max_energy_range_uj", "1000000000");
        Use(0);
    }

    public void Dispose() => system.Delete(recursive: true);

    [Fact]
    public void Energy_IsThatOfMeasuredIterations_DividedByTheirOperations()
    {
        using var watch = Watch();
        using var iterations = new MeasuredIterations(watch, clock);
        Iteration(IterationMode.Workload, IterationStage.Jitting, operations: 1, joules: 100);
        Iteration(IterationMode.Workload, IterationStage.Warmup, operations: 4, joules: 100);
        Iteration(IterationMode.Workload, IterationStage.Actual, operations: 4, joules: 6);
        // Between iterations garbage is collected.
        Use(1000);
        Iteration(IterationMode.Workload, IterationStage.Actual, operations: 4, joules: 10);

        Assert.Equal((2, 8), (iterations.Count, iterations.Operations));
        Assert.Equal((2.0, "rapl"), (iterations.JoulesPerOperation, iterations.EnergySource));
    }

    [Fact]
    public void WarmUpAlone_GivesNothing()
    {
        using var watch = Watch();
        using var iterations = new MeasuredIterations(watch, clock);
        Iteration(IterationMode.Workload, IterationStage.Pilot, operations: 4, joules: 100);

        Assert.Equal((0, null, "unknown"), (iterations.Count, iterations.JoulesPerOperation, iterations.EnergySource));
    }

    [Fact]
    public void AfterItsEnd_NothingIsCounted()
    {
        using var watch = Watch();
        var iterations = new MeasuredIterations(watch, clock);
        iterations.Dispose();
        Iteration(IterationMode.Workload, IterationStage.Actual, operations: 4, joules: 6);

        Assert.Equal(0, iterations.Count);
    }

    private DeviceWatch Watch() => DeviceWatch.Start(new DeviceChoice(DeviceType.CPU, 0, "as asked"), system.FullName);

    private void Iteration(IterationMode mode, IterationStage stage, long operations, int joules)
    {
        Tell("IterationStart", mode, stage, operations);
        Use(joules);
        clock.Now += TimeSpan.TicksPerSecond;
        Tell("IterationStop", mode, stage, operations);
    }

    private static void Tell(string name, IterationMode mode, IterationStage stage, long operations)
    {
        const BindingFlags Hidden = BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
        var log = typeof(EngineEventSource).GetField("Log", Hidden)!.GetValue(null);
        typeof(EngineEventSource).GetMethod(name, Hidden)!.Invoke(log, [mode, stage, operations]);
    }

    private void Use(int joules) => Write("energy_uj", (microjoules += joules * 1_000_000L).ToString(CultureInfo.InvariantCulture));

    private void Write(string name, string text) =>
        File.WriteAllText(Path.Combine(system.CreateSubdirectory("class/powercap/intel-rapl:0").FullName, name), text + "\n");

    private sealed class Clock : TimeProvider
    {
        internal long Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now;
    }
}
