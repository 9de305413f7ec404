using FreezeBench.Kernels;
using FreezeBench.Torch.Hardware;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Measurement;

/// <summary>
/// How many floating-point operations per second this process reaches in a large matrix product: what convolutions are held
/// against, since a data sheet's peak knows neither the threads nor the clocks of the moment.
/// </summary>
public static class MatmulPeak
{
    // Square matrices: 4 MB each on the CPU, far more arithmetic than memory traffic; larger ones gained below 2 %. A GPU
    // needs more to fill all its multiprocessors: 64 MB each.
    private const int SideOnCpu = 1024;
    private const int SideOnCuda = 4096;

    // The same product as a 1x1 convolution: images of 16 x 16 pixels, 512 channels in and out, 2 * 1024^3 operations too.
    private const int Images = 16, ImageSide = 16, Channels = 512;

    private const int WarmUps = 2;
    private const int Rounds = 5;

    // On a machine with other work a product can take seconds; its peak is wrong then however long one waits.
    private static readonly TimeSpan longEnough = TimeSpan.FromSeconds(1);

    /// <summary>The best of five products after two that do not count, or of fewer where they take a second; some 0.3 s on two cores.</summary>
    /// <remarks>
    /// On the CPU the product is made twice, by libtorch's matrix library and as a 1x1 convolution, and the faster counts: MKL
    /// leaves AVX-512 unused on CPUs that are not Intel's, where convolutions by oneDNN came out at 1.9 times its peak.
    /// Call it after what it is held against: its matrices stay in libtorch's cache of GPU memory, and before a case they would
    /// count as the case's.
    /// </remarks>
    /// <param name="device">With the threads that are set now.</param>
    /// <param name="type">Of the matrices. In float32 the product may use TF32 where convolutions may.</param>
    /// <returns>Operations per second, a multiplication and an addition counted as two.</returns>
    public static double FlopsPerS(Device device, ScalarType type = ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(device);
        var cuda = device.type == DeviceType.CUDA;
        var side = cuda ? SideOnCuda : SideOnCpu;
        // libtorch's defaults differ: convolutions may use TF32, products may not.
        var before = backends.cuda.matmul.allow_tf32;
        if (cuda)
            backends.cuda.matmul.allow_tf32 = backends.cudnn.allow_tf32;
        try
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            // Ones: neither zeros, which some processors multiply for less energy, nor numbers that sum up to infinity in fp16.
            var (left, right) = (ones([side, side], type, device), ones([side, side], type, device));
            var clock = new DeviceClock(device);
            var rate = 2.0 * side * side * side / BestSeconds(clock, () => left.matmul(right));
            if (cuda)
                return rate;
            var (images, weights) = (ChannelsLast(Images, ImageSide, type, device), ChannelsLast(Channels, 1, type, device));
            return Math.Max(rate, 2.0 * Images * ImageSide * ImageSide * Channels * Channels / BestSeconds(clock, () => nn.functional.conv2d(images, weights)));
        }
        finally
        {
            if (cuda)
                backends.cuda.matmul.allow_tf32 = before;
        }
    }

    private static double BestSeconds(DeviceClock clock, Action product)
    {
        var best = double.PositiveInfinity;
        var begin = clock.Now();
        for (var round = -WarmUps; round < Rounds && (double.IsInfinity(best) || clock.Since(begin) < longEnough); round++)
        {
            using var scope = NewDisposeScope();
            var start = clock.Now();
            product();
            var seconds = clock.Since(start).TotalSeconds;
            if (round >= 0)
                best = Math.Min(best, seconds);
        }
        return best;
    }

    private static Tensor ChannelsLast(int count, int side, ScalarType type, Device device) =>
        MemoryFormat.ChannelsLast.ApplyTo(ones([count, Channels, side, side], type, device));
}
