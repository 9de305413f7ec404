using FreezeBench.Benchmarks.Cases;

namespace FreezeBench.Benchmarks.Settings;

/// <summary>Sizes of the scaling suite when the user asks for none.</summary>
public static class ScalingSizes
{
    /// <summary>For messages and <c>--help</c>.</summary>
    public const string Description =
        "batch 8, 32, 128 at 32, 64, 128 px on the CPU, without 128 at 128 px (ten seconds a step); 16, 64, 256 at 64, 128, 224 px on CUDA, as far as the GPU's memory goes";

    // A fine-tune step of ResNet-18 with as many pixels takes two seconds on two cores.
    private const long MostPixelsOnCpu = 128L * 64 * 64;

    /// <summary>Every batch size at every resolution.</summary>
    /// <param name="batchSizes">As asked for; null: by the device.</param>
    /// <param name="resolutionsPx">As asked for; null: by the device. Where both are null, sizes that are too large for it are left out.</param>
    /// <param name="cuda">Whether it is a GPU.</param>
    /// <param name="gpuMemoryBytes">Null where the driver does not tell.</param>
    /// <param name="backbone">Name of the network.</param>
    /// <param name="quick">The fewest that still make a table.</param>
    public static IReadOnlyList<CaseSize> For(
        IReadOnlyList<int>? batchSizes, IReadOnlyList<int>? resolutionsPx, bool cuda, long? gpuMemoryBytes, string backbone, bool quick)
    {
        var asked = batchSizes is not null || resolutionsPx is not null;
        batchSizes ??= quick ? (cuda ? [16, 32] : [4, 8]) : cuda ? [16, 64, 256] : [8, 32, 128];
        resolutionsPx ??= quick ? [32, 64] : cuda ? [64, 128, 224] : [32, 64, 128];
        return
        [
            .. from resolution in resolutionsPx
               from batch in batchSizes
               let size = new CaseSize(batch, resolution)
               // What was asked for is measured, or fails and says so: nothing of it is left out silently.
               where asked || Suits(size)
               select size,
        ];

        bool Suits(CaseSize size) => cuda
            ? DeviceSizes.Fits(size, gpuMemoryBytes, backbone)
            : (long)size.BatchSize * size.ResolutionPx * size.ResolutionPx <= MostPixelsOnCpu;
    }
}
