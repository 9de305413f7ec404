using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Workloads;

/// <summary>The workloads by which machines are compared. All fit a GPU of 8 GB.</summary>
/// <remarks>The list of a version never changes, so that rows of unlike years share a ratio; another list is another version.</remarks>
public static class StandardWorkloads
{
    /// <summary>Name of this list.</summary>
    public const string Version = "standard-1";

    /// <summary>Suite whose operation is an epoch.</summary>
    public const string EpochSuite = "epoch";

    /// <summary>Suite whose operation is a step.</summary>
    public const string StepSuite = "step";

    /// <summary>The suites that a standard workload is measured in.</summary>
    public static IReadOnlyList<string> Suites { get; } = [EpochSuite, StepSuite];

    /// <summary>In the order of measuring: where the time is short, the first ones are measured.</summary>
    public static IReadOnlyList<StandardWorkload> All { get; } =
    [
        Small("fp32", "Images of CIFAR's size in the arithmetic that every device has: the one workload that all machines share, CPUs too."),
        Large("tf32", "Images of ImageNet's size as PyTorch users train on NVIDIA GPUs since Ampere: float32 with products in TF32."),
        Large("fp32", "The same in strict float32: GPUs before Ampere, and what TF32 gains."),
        Large("bf16", "The same in mixed precision with bfloat16: what large networks are trained in."),
        Small("tf32", "Small images in TF32: how much of its gain is left where layers are small."),
        Small("bf16", "Small images in mixed precision with bfloat16: its casts cost most where layers are small."),
    ];

    /// <summary>The workload of this name; null where there is none.</summary>
    public static StandardWorkload? Find(string name) => All.FirstOrDefault(workload => workload.Name == name);

    /// <summary>The workload that a case is of; null where it is of none: another size, network, data set or suite.</summary>
    public static StandardWorkload? Of(CaseSettings settings) => All.FirstOrDefault(workload => workload.Has(settings));

    /// <summary>The workload that a row is of; null where it is of none.</summary>
    public static StandardWorkload? Of(BenchmarkCase measured) => Of(CaseSettings.Of(measured));

    // Eight steps an epoch: few enough for two cores, and every step is of a whole batch.
    private static StandardWorkload Small(string precision, string reason) =>
        new() { Name = $"resnet18-32px-{precision}", ResolutionPx = 32, BatchSize = 128, ImagesPerEpoch = 1024, Precision = precision, Reason = reason };

    // Batch 64: all activations of a fine-tuning step in float32 take less than 4 GB.
    private static StandardWorkload Large(string precision, string reason) =>
        new() { Name = $"resnet18-224px-{precision}", ResolutionPx = 224, BatchSize = 64, ImagesPerEpoch = 512, Precision = precision, Reason = reason };
}
