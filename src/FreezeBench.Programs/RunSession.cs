using System.CommandLine;
using FreezeBench.Measurement;
using FreezeBench.Optimizing;
using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Hardware;
using FreezeBench.Torch.Loading;
using TorchSharp;

namespace FreezeBench.Programs;

/// <summary>What every program settles before it works: libtorch, the driver, the device, threads, where results go.</summary>
public sealed class RunSession : IDisposable
{
    /// <summary>For the user, where <see cref="RunStamp.Git"/> is dirty.</summary>
    public const string DirtyWarning = "The working tree differs from its commit: the rows will say dirty.";

    private readonly Nvml? nvml;
    private readonly CudaFacts? facts;

    /// <summary>Loads libtorch, chooses the device and sets threads, precision and autotuning.</summary>
    /// <param name="options">The definitions.</param>
    /// <param name="parsed">A command line without errors.</param>
    /// <param name="deterministic">Only deterministic algorithms, on CUDA too.</param>
    /// <param name="computes">
    /// Whether this process works on the device. One that only starts others must not: a GPU in exclusive mode is for one process, and of every
    /// other the program that waits would hold some hundred MB. What can be refused only by trying is then refused by those.
    /// </param>
    /// <param name="facts">Of the GPUs; null: those of this machine.</param>
    /// <exception cref="UserErrorException">libtorch does not load, or the device, the precision, autotuning or determinism cannot be had here.</exception>
    public RunSession(RunOptions options, ParseResult parsed, bool deterministic = false, bool computes = true, CudaFacts? facts = null)
    {
        CudaOrder.Settle();
        TorchLibrary.Load();
        // Before anything touches CUDA, which reads its settings once.
        if (deterministic)
            Determinism.Enable();
        nvml = Nvml.TryOpen();
        this.facts = facts;
        var name = parsed.GetValue(options.Device) ?? Devices.Default;
        Device = facts is null ? Devices.Parse(name, ComputeCapability) : Devices.Parse(name, facts);
        if (parsed.GetValue(options.Threads) is { } threads)
            TorchSettings.SetThreads((int)threads);
        AskedPrecision = parsed.GetValue(options.Precision);
        Precision = AskedPrecision ?? Precision.DefaultFor(Device.Type, ComputeCapability(Device.Index));
        PrecisionSwitch.Apply(Precision, Device, ComputeCapability(Device.Index), computes);
        if (computes)
            GradientScaler.Check(Precision, Device);
        CudnnAutotune = CudnnAutotuning.Apply(Device.Type, on: !deterministic && !parsed.GetValue(options.NoCudnnAutotune));
        // Made absolute now: a program may change its current folder later.
        ResultsFolder = Path.GetFullPath(parsed.GetValue(options.Out) ?? Path.Combine(WorkFolder.Find(), "results"));
        Folder = WorkFolder.FindWritable(ResultsFolder);
    }

    /// <summary>As chosen.</summary>
    public DeviceChoice Device { get; }

    /// <summary>The folder that the program belongs to.</summary>
    public string Folder { get; }

    /// <summary>BenchmarkDotNet's own files: a folder for each run.</summary>
    public string ArtifactsFolder => Path.Combine(Folder, "BenchmarkDotNet.Artifacts");

    /// <summary>States of unfinished runs, where nobody asks for another place.</summary>
    public string CheckpointFolder => Path.Combine(Folder, "checkpoints");

    /// <summary>Absolute; each machine has a folder in it.</summary>
    public string ResultsFolder { get; }

    /// <summary>Compute capability of the chosen GPU; null on the CPU, or where the driver does not tell.</summary>
    public (int Major, int Minor)? DeviceComputeCapability => Device.Type == DeviceType.CUDA ? ComputeCapability(Device.Index) : null;

    /// <summary>Memory of the chosen GPU in bytes; null on the CPU, or where the driver does not tell.</summary>
    public long? GpuMemoryBytes => Device.Type == DeviceType.CUDA ? TorchEnvironment.Gpu(nvml, Device.Index)?.MemoryBytes : null;

    /// <summary>Memory of the chosen device; null where nobody tells.</summary>
    public DeviceMemory? Memory => Device.Type != DeviceType.CUDA ? DeviceMemory.OfHost() : TorchEnvironment.Memory(nvml, Device.Index);

    /// <summary>
    /// Memory of the chosen GPU that nobody uses now, in bytes; null on the CPU, and where the driver does not tell or it is not
    /// certain which GPU it is.
    /// </summary>
    public long? FreeGpuMemoryBytes => Device.Type == DeviceType.CUDA && TorchEnvironment.Memory(nvml, Device.Index) is { } memory && memory.FreeBytes < memory.TotalBytes ? memory.FreeBytes : null;

    /// <summary>What was asked for; null: nothing was.</summary>
    public Precision? AskedPrecision { get; }

    /// <summary>Arithmetic of the network: what was asked for, or the device's default; the process is in it.</summary>
    public Precision Precision { get; }

    /// <summary>Whether cuDNN chooses its algorithms by time, as libtorch says; null on the CPU, or where it cannot be asked.</summary>
    public bool? CudnnAutotune { get; }

    /// <summary>Both in words, for the user.</summary>
    public string Arithmetic => Precision.Name + CudnnAutotune switch { true => ", cuDNN autotuning on", false => ", cuDNN autotuning off", null => "" };

    /// <summary>The environment as it is now, the stamp of the rows to come, and their store. Once, before the first row.</summary>
    /// <param name="benchmarkDotNetVersion">Null in a program without BenchmarkDotNet.</param>
    public (EnvironmentRecord Environment, RunStamp Stamp, ResultStore Store) Begin(string? benchmarkDotNetVersion = null)
    {
        var environment = EnvironmentProbe.Capture(TorchEnvironment.Read(Device, benchmarkDotNetVersion), nvml, TorchEnvironment.Cuda);
        var stamp = RunStamp.New(environment, NodeId.Of(environment.Torch, nvml, TorchEnvironment.Cuda), BundleRecord.OfThisProgram()?.Git ?? GitState.Capture(Folder, ResultsFolder, ArtifactsFolder, CheckpointFolder));
        return (environment, stamp, new ResultStore(Path.Combine(ResultsFolder, environment.Id)));
    }

    /// <inheritdoc/>
    public void Dispose() => nvml?.Dispose();

    private (int Major, int Minor)? ComputeCapability(int index) => facts is null ? TorchEnvironment.ComputeCapability(nvml, index) : facts.ComputeCapability(index);
}
