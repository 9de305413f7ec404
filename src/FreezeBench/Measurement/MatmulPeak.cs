using FreezeBench.Kernels;
using FreezeBench.Networks.Tracing;
using FreezeBench.Torch.Hardware;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Measurement;

/// <summary>
/// How many floating-point operations per second this process reaches in large products: what convolutions are held
/// against, since a data sheet's peak knows neither the threads nor the clocks of the moment.
/// </summary>
public static class MatmulPeak
{
    // Square matrices: 4 MB each on the CPU, far more arithmetic than memory traffic. A GPU needs more to fill all its
    // multiprocessors: 256 MB each in float32, which one of 8 GB has.
    private const int SideOnCpu = 1024;
    private const int SideOnCuda = 8192;

    // The same product as a 1x1 convolution: images of 16 x 16 pixels, 512 channels in and out, 2 * 1024^3 operations too. And one of
    // 3x3 like those of ResNets, 2 * 16 * 16 * 16 * 128 * 128 * 9 operations less those with padding.
    private const int Images = 16, ImageSide = 16, Channels = 512, ChannelsOf3x3 = 128;

    // A convolution of 3x3 that fills a large GPU: 77e9 operations.
    private const int ImagesOnCuda = 64, ImageSideOnCuda = 32, ChannelsOnCuda = 256;

    // To a wait: in 16 bits a product of 8192 takes a large GPU a millisecond or two, of which a launch and a wait would be some hundredths.
    private const int ProductsOnCuda = 8;

    private const int WarmUps = 2;
    private const int ProbedRounds = 2;
    private const int LeastRounds = 3;

    // Long enough for the clocks of a GPU under full load, and for a moment without other work on a CPU.
    private static readonly TimeSpan longEnough = TimeSpan.FromSeconds(0.5);

    // On a machine with other work a product can take seconds; its peak is wrong then however long one waits.
    private static readonly TimeSpan longest = TimeSpan.FromSeconds(2);

    /// <summary>The best of all products of half a second, three at least, after two that do not count; some 0.8 s on two cores. On a GPU the best of all eight in a row.</summary>
    /// <remarks>
    /// On a GPU convolutions of 3x3 in both memory formats are tried beside the matrices where float32 is strict: cuDNN has Winograd's algorithm for it, which
    /// needs fewer multiplications than are counted, and no product of matrices would be a peak for it.
    /// On the CPU three products are tried, and the fastest is repeated: MKL leaves AVX-512 unused on CPUs that are not Intel's, where
    /// convolutions by oneDNN came out at 1.9 times its peak, and oneDNN's convolutions of 3x3 are faster than its own of 1x1 on some. The numbers are
    /// random: a product of ones draws less power, and was seen to run 13 % faster on a large GPU.
    /// Call it after what it is held against: its matrices stay in libtorch's cache of GPU memory, and before a case they would
    /// count as the case's.
    /// </remarks>
    /// <param name="device">With the threads that are set now.</param>
    /// <param name="type">Of the matrices. In float32 the product may use TF32 where convolutions may.</param>
    /// <param name="brief">The best of three, found by one each: lower where other programs take their share, for what nobody keeps.</param>
    /// <returns>Operations per second, a multiplication and an addition counted as two.</returns>
    public static double FlopsPerS(Device device, ScalarType type = ScalarType.Float32, bool brief = false)
    {
        var cuda = device.type == DeviceType.CUDA;
        // libtorch's defaults differ: convolutions may use TF32, products may not.
        var before = backends.cuda.matmul.allow_tf32;
        if (cuda)
            backends.cuda.matmul.allow_tf32 = backends.cudnn.allow_tf32;
        try
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            var clock = new DeviceClock(device);
            Product[] products = !cuda
                ? [Matrices(SideOnCpu, type, device), Convolution(Images, ImageSide, Channels, 1, MemoryFormat.ChannelsLast, type, device), Convolution(Images, ImageSide, ChannelsOf3x3, 3, MemoryFormat.ChannelsLast, type, device)]
                : [.. OnCuda(type, device).Select(product => product with { InARow = ProductsOnCuda })];
            var (warmUps, probed) = brief ? (1, 1) : (WarmUps, ProbedRounds);
            var fastest = products is [var only] ? only : products.MaxBy(product => Rate(clock, product, warmUps, probed, TimeSpan.Zero))!;
            return Rate(clock, fastest, warmUps, LeastRounds, brief ? TimeSpan.Zero : longEnough);
        }
        finally
        {
            if (cuda)
                backends.cuda.matmul.allow_tf32 = before;
        }
    }

    /// <summary>Whether a GPU's convolutions may need fewer multiplications than are counted.</summary>
    /// <param name="type">Of the matrices.</param>
    /// <param name="allowsTf32">Whether convolutions may use TF32, of whose units no algorithm saves any.</param>
    internal static bool TriesConvolutionsOnCuda(ScalarType type, bool allowsTf32) => type == ScalarType.Float32 && !allowsTf32;

    private static Product[] OnCuda(ScalarType type, Device device) => TriesConvolutionsOnCuda(type, backends.cudnn.allow_tf32)
        ? [Matrices(SideOnCuda, type, device), .. new[] { MemoryFormat.ChannelsLast, MemoryFormat.Contiguous }.Select(format => Convolution(ImagesOnCuda, ImageSideOnCuda, ChannelsOnCuda, 3, format, type, device))]
        : [Matrices(SideOnCuda, type, device)];

    private static double Rate(DeviceClock clock, Product product, int warmUps, int leastRounds, TimeSpan atLeast)
    {
        for (var round = 0; round < warmUps; round++)
            Time(clock, product);
        var (best, begin) = (double.PositiveInfinity, clock.Now());
        for (var round = 0; ; round++)
        {
            var passed = clock.Since(begin);
            if (round > 0 && passed >= longest || round >= leastRounds && passed >= atLeast)
                return product.Operations / best;
            best = Math.Min(best, Time(clock, product));
        }
    }

    private static double Time(DeviceClock clock, Product product)
    {
        using var scope = NewDisposeScope();
        var start = clock.Now();
        for (var number = 0; number < product.InARow; number++)
            product.Make().Dispose();
        return clock.Since(start).TotalSeconds / product.InARow;
    }

    private static Product Matrices(long side, ScalarType type, Device device)
    {
        var (left, right) = (Random([side, side], type, device), Random([side, side], type, device));
        return new(2.0 * side * side * side, () => left.matmul(right));
    }

    private static Product Convolution(long count, long side, long channels, long kernel, MemoryFormat format, ScalarType type, Device device)
    {
        var (images, weights) = (format.ApplyTo(Random([count, channels, side, side], type, device)), format.ApplyTo(Random([channels, channels, kernel, kernel], type, device)));
        var padding = kernel / 2;
        var withPixels = Math.Pow(PaddingTaps.Share(side, side, kernel, stride: 1, padding), 2);
        return new(2.0 * count * side * side * channels * channels * kernel * kernel * withPixels, () => nn.functional.conv2d(images, weights, padding: [padding, padding]));
    }

    // Drawn in float32, which every device can: sums of 8192 products stay far below the largest number of fp16.
    private static Tensor Random(long[] shape, ScalarType type, Device device) => randn(shape, ScalarType.Float32, device).to(type);

    private sealed record Product(double Operations, Func<Tensor> Make)
    {
        internal int InARow { get; init; } = 1;
    }
}
