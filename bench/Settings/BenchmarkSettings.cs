using System.Text.Json;
using System.Text.Json.Serialization;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Workloads;
using TorchSharp;

namespace FreezeBench.Benchmarks.Settings;

/// <summary>
/// Everything a case needs to know, resolved: no default is left open. BenchmarkDotNet runs each case in a process of its
/// own, which gets this as JSON in an environment variable (the benchmark process inherits its parent's environment).
/// </summary>
public sealed record BenchmarkSettings
{
    /// <summary>For the harness alone; users pass options.</summary>
    public const string Variable = "FREEZEBENCH_SETTINGS";

    /// <summary>"cpu", "mps" or "cuda:N".</summary>
    public required string Device { get; init; }

    public required string Backbone { get; init; }

    /// <summary>Names of the <see cref="KernelSet"/>s that are measured.</summary>
    public required IReadOnlyList<string> Kernels { get; init; }

    /// <summary>Whether the user chose them: then every case is measured with each.</summary>
    public bool KernelsAsked { get; init; }

    /// <summary>Policies of the epoch and step suites.</summary>
    public required IReadOnlyList<string> Policies { get; init; }

    /// <summary>Policies of the depth suite, from everything trained to only the head trained.</summary>
    public required IReadOnlyList<string> Depths { get; init; }

    public required int ResolutionPx { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>Halve the batch size in each case until it fits.</summary>
    public bool AutoBatch { get; init; }

    /// <summary>Memory of the device as the parent knows it; null: unknown.</summary>
    public DeviceMemory? Memory { get; init; }

    public required int ImagesPerEpoch { get; init; }

    /// <summary>Policies of the scaling suite.</summary>
    public required IReadOnlyList<string> ScalingPolicies { get; init; }

    /// <summary>Sizes that the scaling suite steps at.</summary>
    public required IReadOnlyList<CaseSize> ScalingSizes { get; init; }

    /// <summary>Batch size and resolution of every other case.</summary>
    [JsonIgnore]
    public CaseSize Size => new(BatchSize, ResolutionPx);

    public required string Dataset { get; init; }

    /// <summary>What rows call the data set.</summary>
    public required string DatasetLabel { get; init; }

    /// <summary>Absolute; null for synthetic images.</summary>
    public string? DataDirectory { get; init; }

    public required int Threads { get; init; }

    /// <summary>As asked for; null: by device and kernels.</summary>
    public string? MemoryFormat { get; init; }

    /// <summary>Name of the <see cref="FreezeBench.Torch.Arithmetic.Precision"/>.</summary>
    public required string Precision { get; init; }

    /// <summary>Whether cuDNN is to choose its algorithms by time; without effect on the CPU.</summary>
    public required bool CudnnAutotune { get; init; }

    /// <summary>Few, short iterations.</summary>
    public required bool Quick { get; init; }

    /// <summary>What the user asks of BenchmarkDotNet itself, such as <c>--iterationCount 3</c>: it changes every job.</summary>
    public IReadOnlyList<string> BenchmarkDotNetArguments { get; init; } = [];

    /// <summary>Where a case leaves its <see cref="CaseRecord"/>.</summary>
    public required string RecordFolder { get; init; }

    /// <summary>Strides of weights and batches with these kernels.</summary>
    /// <param name="kernels">Name of a <see cref="KernelSet"/>.</param>
    public MemoryFormat MemoryFormatOf(string kernels) => MemoryFormat is { } asked
        ? FreezeBench.Kernels.MemoryFormat.Parse(asked)
        : FreezeBench.Kernels.MemoryFormat.DefaultFor(Device switch { "cpu" => DeviceType.CPU, "mps" => DeviceType.MPS, _ => DeviceType.CUDA }, KernelSet.Parse(kernels));

    /// <summary>
    /// Whether a case is measured with these kernels. Where nobody says, plain ones are measured for the two ends of the question alone:
    /// all policies would take twice the time.
    /// </summary>
    /// <param name="suite">Of the case.</param>
    /// <param name="policy">Of the case.</param>
    /// <param name="kernels">Name of a <see cref="KernelSet"/>.</param>
    public bool Measures(string suite, FreezingPolicy policy, string kernels) => Kernels.Contains(kernels)
        && (KernelsAsked || kernels == KernelSet.Fast.Name || (suite is SuiteNames.Epoch or SuiteNames.Step && (policy == FreezingPolicy.FineTune || policy == FreezingPolicy.Frozen)));

    /// <summary>The same with a standard workload's sizes; kernels, policies, threads and layout stay.</summary>
    public BenchmarkSettings For(StandardWorkload workload) => this with
    {
        Backbone = workload.Backbone,
        ResolutionPx = workload.ResolutionPx,
        BatchSize = workload.BatchSize,
        ImagesPerEpoch = workload.ImagesPerEpoch,
        Dataset = workload.Dataset,
        DatasetLabel = workload.Dataset,
        Precision = workload.Precision,
    };

    /// <summary>Hands the settings to this process's suites and to every child.</summary>
    public void Publish() => Environment.SetEnvironmentVariable(Variable, JsonSerializer.Serialize(this));

    /// <summary>The settings that were published.</summary>
    public static BenchmarkSettings Published() =>
        (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } json ? StrictJson.Read<BenchmarkSettings>(json) : null)
            ?? throw new InvalidOperationException($"{Variable} is not set: a suite runs only under the benchmark program.");
}
