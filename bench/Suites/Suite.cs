using BenchmarkDotNet.Attributes;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Data;
using FreezeBench.Freezing;
using FreezeBench.Measurement;
using FreezeBench.Models;
using FreezeBench.Native;
using FreezeBench.Results.Machine;
using FreezeBench.Training;

namespace FreezeBench.Benchmarks.Suites;

/// <summary>What all suites share: a case is one policy in a process of its own, on the step that accuracy runs train with.</summary>
public abstract class Suite
{
    private readonly OrderedDictionary<string, List<double>> parts = [];
    private DeviceWatch? watch;
    private ImageDataSet? data;
    private bool? cudnnAutotune;
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
        var precision = Precision.Parse(settings.Precision);
        using (var nvml = Nvml.TryOpen())
            PrecisionSwitch.Apply(precision, device, TorchEnvironment.ComputeCapability(nvml, device.Index));
        cudnnAutotune = CudnnAutotuning.Apply(device.Type, settings.CudnnAutotune);
        Clock = new DeviceClock(device.ToTorch());
        watch = DeviceWatch.Start(device);
        data = BenchmarkData.Load(settings, device.ToTorch());
        Trainer = new Trainer(
            Backbone.Parse(settings.Backbone).Shape, FreezingPolicy.Parse(Policy), data, settings.ResolutionPx,
            MemoryFormat.Parse(settings.MemoryFormat), new TrainingOptions { BatchSize = settings.BatchSize, Precision = precision });
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
        new CaseRecord(parts.ToDictionary(part => part.Key, part => (IReadOnlyList<double>)part.Value), peakMemoryBytes, throttled) { CudnnAutotune = cudnnAutotune }
            .Write(Settings, SuiteName, method, Policy);
        watch.Dispose();
        Trainer.Dispose();
        data!.Dispose();
    }

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
