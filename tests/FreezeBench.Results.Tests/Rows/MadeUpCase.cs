using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Tests.Rows;

/// <summary>A case that no machine measured. Other test projects compile this file too.</summary>
internal static class MadeUpCase
{
    /// <summary>A step of fine-tuning ResNet-18 on 128 synthetic images of 32 px.</summary>
    internal static BenchmarkCase Step { get; } = new()
    {
        Kernels = KernelKind.Fast,
        Suite = "step",
        Policy = "fine-tune",
        Phase = "step",
        Backbone = "resnet18",
        Weights = "random",
        Dataset = "synthetic",
        Classes = 10,
        ResolutionPx = 32,
        BatchSize = 128,
        Images = 128,
        Precision = "fp32",
        MemoryFormat = "channels-last",
        Threads = 2,
        Device = "cpu",
    };
}
