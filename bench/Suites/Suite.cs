using BenchmarkDotNet.Attributes;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Data;
using FreezeBench.Freezing;
using FreezeBench.Measurement;
using FreezeBench.Models;
using FreezeBench.Native;
using FreezeBench.Training;

namespace FreezeBench.Benchmarks.Suites;

/// <summary>What all suites share: a case is one policy in a process of its own, on the step that accuracy runs train with.</summary>
public abstract class Suite
{
    private readonly OrderedDictionary<string, List<double>> parts = [];
    private DeviceWatch? watch;
    private ImageDataSet? data;
    private CaseBatch? batch;
    private string method = "";

    /// <summary>The freezing policy of the case.</summary>
    [ParamsSource(nameof(PolicyNames))]
    public string Policy { get; set; } = "";

    /// <summary>The policies of this run, for BenchmarkDotNet, which asks in the parent and again in the child.</summary>
    public abstract IEnumerable<string> PolicyNames { get; }

    // Not the type's name: what runs is a class that BenchmarkDotNet derives from the suite.
    protected abstract string SuiteName { get; }

    protected static BenchmarkSettings Settings => BenchmarkSettings.Published();

    protected Trainer Trainer { get; private set; } = null!;

    protected DeviceClock Clock { get; private set; } = null!;

    /// <summary>Loads libtorch, the data and the network. Nothing of it is inside a clock.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var settings = Settings;
        if (TorchBuild.Backend != settings.TorchBackend)
            throw new InvalidOperationException($"The benchmark process was built with TorchBackend={TorchBuild.Backend}, the program that started it with {settings.TorchBackend}.");
        var device = Devices.Parse(settings.Device);
        TorchSettings.SetThreads(settings.Threads);
        Clock = new DeviceClock(device.ToTorch());
        data = BenchmarkData.Load(settings, device.ToTorch());
        var policy = FreezingPolicy.Parse(Policy);
        batch = CaseBatch.Choose(settings, policy, data, Options);
        // Not before: what was tried and did not fit is no part of the case.
        watch = DeviceWatch.Start(device);
        Trainer = new Trainer(
            Backbone.Parse(settings.Backbone).Shape, policy, data, settings.ResolutionPx,
            MemoryFormat.Parse(settings.MemoryFormat), Options(batch.Size));
        if (Trainer.NeedsFeatures)
            Trainer.ExtractFeatures();
        Trainer.Shuffle(epoch: 0);
        Clock.Synchronise();
    }

    /// <summary>Leaves the record of the case for the parent.</summary>
    [GlobalCleanup]
    public void CleanUp()
    {
        var (peakMemoryBytes, throttled) = watch!.Stop();
        // On the CPU the peak is the process's, from its start on.
        if (batch!.AnyFailed && Devices.Parse(Settings.Device).Type == TorchSharp.DeviceType.CPU)
            peakMemoryBytes = null;
        new CaseRecord(parts.ToDictionary(part => part.Key, part => (IReadOnlyList<double>)part.Value), peakMemoryBytes, throttled) { BatchSize = batch.Size }.Write(Settings, SuiteName, method, Policy);
        watch.Dispose();
        Trainer.Dispose();
        data!.Dispose();
    }

    private static TrainingOptions Options(int batchSize) => new() { BatchSize = batchSize };

    /// <summary>Says which benchmark method this process runs.</summary>
    protected void Running(string name) => method = name;

    /// <summary>Keeps a part of the operation that has just run; every call keeps the same parts in the same order.</summary>
    protected void Keep(string part, double milliseconds)
    {
        if (!parts.TryGetValue(part, out var values))
            parts.Add(part, values = []);
        values.Add(milliseconds);
    }

    protected void KeepPhases(PhaseRecorder recorder)
    {
        foreach (var phase in StepPhases.All)
            Keep(phase.Name(), recorder.LastMs(phase));
    }
}
