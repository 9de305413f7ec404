using BenchmarkDotNet.Attributes;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Settings;
using FreezeBench.Freezing;
using FreezeBench.Images.Sets;
using FreezeBench.Kernels;
using FreezeBench.Measurement;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Programs;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Hardware;
using FreezeBench.Training;
using static TorchSharp.torch;

namespace FreezeBench.Benchmarks.Suites;

/// <summary>What all suites share: a case is one policy in a process of its own, on the step that accuracy runs train with.</summary>
public abstract class Suite
{
    private readonly OrderedDictionary<string, List<double>> parts = [];
    private readonly Stack<IDisposable> owned = [];
    private DeviceWatch? watch;
    private MeasuredIterations? iterations;
    private CaseBatch? batch;
    private bool? cudnnAutotune;
    private ParameterCounts? parameters;
    private string method = "";

    /// <summary>The freezing policy of the case.</summary>
    [ParamsSource(nameof(PolicyNames))]
    public string Policy { get; set; } = "";

    /// <summary>The kernels of the case.</summary>
    [ParamsSource(nameof(KernelNames))]
    public string Kernels { get; set; } = KernelSet.Fast.Name;

    /// <summary>The kernels of this run.</summary>
    public static IEnumerable<string> KernelNames => Settings.Kernels;

    /// <summary>The policies of this run, for BenchmarkDotNet, which asks in the parent and again in the child.</summary>
    public abstract IEnumerable<string> PolicyNames { get; }

    // Not the type's name: what runs is a class that BenchmarkDotNet derives from the suite.
    protected abstract string SuiteName { get; }

    protected static BenchmarkSettings Settings => BenchmarkSettings.Published();

    /// <summary>Batch size and resolution of the case: those of the run, but in a suite that varies them.</summary>
    protected virtual CaseSize CaseSize => Settings.Size;

    /// <summary>Whether <c>--auto-batch</c> may make the case's batches smaller: not where the size is what the case is about.</summary>
    protected virtual bool MayShrink => true;

    /// <summary>Images that the case needs.</summary>
    protected virtual int Images => Settings.ImagesPerEpoch;

    protected static Network Network => NetworkCatalog.Parse(Settings.Backbone);

    protected Trainer Trainer { get; private set; } = null!;

    protected DeviceClock Clock { get; private set; } = null!;

    protected Device Device { get; private set; } = null!;

    /// <summary>Loads libtorch, the data and the network. Nothing of it is inside a clock.</summary>
    [GlobalSetup]
    public void SetUp()
    {
        var settings = Settings;
        KernelSet.Parse(Kernels).PrepareProcess();
        CaseFailure.Watch(settings.RecordFolder);
        var device = Devices.Parse(settings.Device);
        TorchSettings.SetThreads(settings.Threads);
        var precision = Precision.Parse(settings.Precision);
        using (var nvml = Nvml.TryOpen())
            PrecisionSwitch.Apply(precision, device, TorchEnvironment.ComputeCapability(nvml, device.Index));
        GradientScaler.Check(precision, device);
        if (device.Type == TorchSharp.DeviceType.CPU)
            MemoryBound.Apply(settings.Threads);
        cudnnAutotune = CudnnAutotuning.Apply(device.Type, settings.CudnnAutotune);
        Device = device.ToTorch();
        Clock = new DeviceClock(Device);
        // The context is the driver's and no part of the case's memory; it comes with the first tensor.
        zeros(1, device: Device).Dispose();
        Clock.Synchronise();
        watch = DeviceWatch.Start(device);
        var data = Own(BenchmarkData.Load(settings, Images, Device));
        batch = MayShrink
            ? CaseBatch.Choose(settings, FreezingPolicy.Parse(Policy), Kernels, data, Options)
            : new CaseBatch(CaseSize.BatchSize, AnyFailed: false);
        // Not before: what was tried and did not fit is no part of the case.
        CaseFailure.Forget();
        Trainer = Ready(Network, data, CaseSize with { BatchSize = batch.Size });
        parameters = Trainer.Network.Counts;
        if (Device.type == TorchSharp.DeviceType.CUDA && !settings.Quick)
            Preheating.For(Preheating.OnCuda, WarmUp, TimeProvider.System);
        Clock.Synchronise();
        iterations = MeasuredIterations.Of(watch);
    }

    /// <summary>Leaves the record of the case for the parent.</summary>
    [GlobalCleanup]
    public void CleanUp()
    {
        iterations!.Dispose();
        // On the CPU the peak is the process's, from its start on.
        var isCuda = Device.type == TorchSharp.DeviceType.CUDA;
        var peakMemory = batch!.AnyFailed && !isCuda ? null : watch!.PeakMemory();
        var state = watch!.State;
        watch.Dispose();
        // In fp16 a step waits for the device within itself, to see whether its gradients are sound: issuing it is no time of the host's alone.
        var bound = isCuda && method == nameof(StepSuite.Step) && Precision.Parse(Settings.Precision) != Precision.Fp16
            ? StepTrial.Bound(() => Trainer.Step(0, NoObserver.Instance), Clock.Synchronise, TimeProvider.System)
            : null;
        var deviceTimes = isCuda && method == nameof(StepSuite.Phases)
            ? StepTrial.DeviceTimesMs(EventPhases.LoadedRuntime(), Device.index, observer => Trainer.Step(0, observer), TimeProvider.System)
            : null;
        while (owned.TryPop(out var resource))
            resource.Dispose();
        // After the case, and not before: its memory would be in the case's peak.
        var matmul = MatmulPeak.FlopsPerS(Device, Precision.Parse(Settings.Precision).AutocastType ?? ScalarType.Float32, brief: UnkeptTimes.Asked);
        new CaseRecord(parts.ToDictionary(part => part.Key, part => (IReadOnlyList<double>)part.Value), peakMemory, matmul)
        {
            BatchSize = batch.Size,
            CudnnAutotune = cudnnAutotune,
            Parameters = parameters!,
            MeasuredIterations = iterations.Count,
            State = state,
            EnergyJ = iterations.JoulesPerOperation,
            EnergySource = iterations.EnergySource,
            Bound = bound,
            DeviceTimesMs = deviceTimes ?? new Dictionary<string, double>(),
        }.Write(Settings.RecordFolder, method, CaseSize.Of(SuiteName, Policy, KernelSet.Parse(Kernels).Kind()));
    }

    /// <summary>A trainer under the case's policy, ready to step; it lives as long as the case.</summary>
    protected Trainer Ready(Network network, ImageSet data, CaseSize size)
    {
        var trainer = Own(new Trainer(
            network, FreezingPolicy.Parse(Policy), data, size.ResolutionPx, Settings.MemoryFormatOf(Kernels),
            Options(size.BatchSize)));
        if (trainer.NeedsFeatures)
            trainer.ExtractFeatures();
        trainer.Shuffle(epoch: 0);
        return trainer;
    }

    /// <summary>Disposes it when the case has ended, the last first.</summary>
    protected T Own<T>(T resource) where T : IDisposable
    {
        owned.Push(resource);
        return resource;
    }

    private TrainingOptions Options(int batchSize) => new() { BatchSize = batchSize, Precision = Precision.Parse(Settings.Precision), Kernels = KernelSet.Parse(Kernels) };

    // Steps of the case: they heat the GPU as the case does.
    private void WarmUp()
    {
        Trainer.Step(0, NoObserver.Instance);
        Clock.Synchronise();
    }

    /// <summary>Of steps that nothing disturbs: nobody, or a profiler's ranges where one is attached.</summary>
    protected static IPhaseObserver Undisturbed { get; } = (IPhaseObserver?)NvtxRanges.OfAttachedProfiler() ?? NoObserver.Instance;

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
