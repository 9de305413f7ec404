using FreezeBench.Benchmarks.Cases;

namespace FreezeBench.Benchmarks.Settings;

/// <summary>Sizes that fit a device when the user asks for none.</summary>
/// <param name="ResolutionPx">Height and width that the network sees.</param>
/// <param name="BatchSize">Images per step.</param>
/// <param name="ImagesPerEpoch">A whole number of batches.</param>
public sealed record DeviceSizes(int ResolutionPx, int BatchSize, int ImagesPerEpoch)
{
    /// <summary>For messages and <c>--help</c>.</summary>
    public const string Description = "32 px, batch 64, 512 images on the CPU; 224 px, batch 32 to 128 by the GPU's memory, 32 batches on CUDA";

    // What a training step keeps for its backward pass, per image at 224 px in fp32: the summed sizes of the outputs of
    // every convolution, BatchNorm and pooling layer (19.7, 29.3 and 85.6 MiB), rounded up.
    private static readonly Dictionary<string, double> MiBPerImageAt224 = new() { ["resnet18"] = 20, ["resnet34"] = 30, ["resnet50"] = 86 };

    /// <summary>The sizes for a device.</summary>
    /// <param name="cuda">Whether it is a GPU.</param>
    /// <param name="gpuMemoryBytes">Memory of the GPU; null where the driver does not tell.</param>
    /// <param name="backbone">Name of the network.</param>
    /// <param name="quick">The smallest sizes that still show every phase.</param>
    public static DeviceSizes For(bool cuda, long? gpuMemoryBytes, string backbone, bool quick)
    {
        if (!cuda)
            return quick ? new(32, 16, 32) : new(32, 64, 512);
        if (quick)
            return new(64, 32, 64);
        var batchSize = Fits(new(128, 224), gpuMemoryBytes, backbone) ? 128 : Fits(new(64, 224), gpuMemoryBytes, backbone) ? 64 : 32;
        return new(224, batchSize, 32 * batchSize);
    }

    /// <summary>Whether a training step should fit into a GPU's memory, by what it keeps for its backward pass.</summary>
    internal static bool Fits(CaseSize size, long? gpuMemoryBytes, string backbone)
    {
        // Half of the memory, since cuDNN's workspaces, weights, gradients and other programs need room too. Unknown
        // memory counts as 4 GiB.
        var budgetMiB = (gpuMemoryBytes ?? (4L << 30)) / (1 << 20) / 2;
        var pixels = size.ResolutionPx * size.ResolutionPx / (224.0 * 224.0);
        return size.BatchSize * MiBPerImageAt224.GetValueOrDefault(backbone, 86) * pixels <= budgetMiB;
    }
}
