using System.Numerics;
using TorchSharp;

namespace FreezeBench.Features;

/// <summary>Images of a forward pass of an extraction: without a graph there is room for more than a training step has.</summary>
/// <remarks>
/// <para>The size follows from resolution and device alone and not from the clock of the run: features of the same images are
/// the same bits in every run, also where an image's neighbours decide the order of a sum.</para>
/// <para>Chosen by measurement: images/s of ResNet-18's folded backbone, float32, channels last, two cores with AVX-512, medians
/// of nine rounds in turn. 32 px: 8 images 2144, 16 2862, 32 3496, 64 4037, 128 4176, 256 4468, 512 4465. 128 px: 2 images 175,
/// 4 215, 8 243, 16 270, 32 269, 64 280. 224 px: 2 images 91, 4 96, 8 100, 16 104, 32 107. From about 2^18 pixels on more images gain
/// less than the 5 % by which runs differ. The features were the same bits at every size. On a GPU nothing was measured:
/// there the size stays that of the training.</para>
/// </remarks>
public static class ExtractionBatch
{
    private const int EnoughPixels = 1 << 18;

    /// <summary>The size for a training.</summary>
    /// <param name="trainingBatch">Images of a training step, 1 or more: never fewer than these.</param>
    /// <param name="resolutionPx">Height and width of the network's input in pixels, 1 or more.</param>
    /// <param name="device">Where it computes.</param>
    public static int Size(int trainingBatch, int resolutionPx, DeviceType device)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trainingBatch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(resolutionPx, 1);
        if (device != DeviceType.CPU)
            return trainingBatch;
        var images = Math.Max(1, EnoughPixels / ((long)resolutionPx * resolutionPx));
        return Math.Max(trainingBatch, 1 << BitOperations.Log2((ulong)images));
    }
}
