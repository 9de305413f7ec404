using FreezeBench.Kernels.Observing;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Convolutions;

/// <summary>
/// The gradient of a convolution's weight by one matrix product for each tap of the kernel: dW[:, :, i, j] is dY^T X, with the
/// outputs' positions as rows of dY and what tap (i, j) sees at them as rows of X. Taps that see nothing but padding are zero.
/// </summary>
/// <remarks>
/// <para>On CPUs with AVX2 and without AVX-512, oneDNN writes the input out once for every tap (im2col) and multiplies image by
/// image, where its own kernel does not take the shape: few columns, or many channels. Its memory for that is many times the
/// weight's (72 MiB for 512 to 512 channels). In a fine-tuning step of ResNet-18 at 32 px that was more than half of all time.</para>
/// <para>Gradient of the weight alone, milliseconds, two Zen 3 cores, batch 128, oneDNN in libtorch 2.10 against this, in turn: 512 to
/// 512 channels at 1x1 pixels 95 to 215 against 1.5; 256 to 512 from 2x2 with stride 2 38 against 1.8; 256 to 256 at 2x2 19 against
/// 3.5. Batch 32: 512 to 512 at 4x4 63 against 16, 256 to 256 at 8x8 20 against 21. Batch 8: 512 to 512 at 14x14 81 against 60. With fewer
/// channels and more pixels oneDNN is ahead: 64 to 64 at 8x8, batch 128, 9.2 against 10.6.</para>
/// <para>With AVX-512 oneDNN has a kernel for all of them, but a slow one where few columns meet many channels. Two cores of a Xeon, the
/// same way: 512 to 512 at 1x1 11.2 against 1.5; 256 to 512 from 2x2 with stride 2 9.0 against 1.4; 256 to 256 at 2x2 10.9 against 2.9.
/// 128 to 128 at 2x2 1.5 against 0.8, 64 to 64 0.6 against 0.6. Batch 32: 512 to 512 at 4x4 18.0 against 10.3; 256 to 256 at 8x8 12.0
/// against 13.8. <see cref="TapReach"/> has what follows.</para>
/// </remarks>
internal static class TapProducts
{
    /// <param name="weight">[out, in, K, K]; only its shape and memory format count.</param>
    /// <param name="input">[N, in, H, W].</param>
    /// <param name="gradient">Of the output, [N, out, H', W'].</param>
    /// <param name="stride">In both directions.</param>
    /// <param name="padding">In both directions.</param>
    /// <param name="observer">Told of every product and of every copy; null: nobody.</param>
    /// <returns>Of the weight's shape and memory format, in the caller's dispose scope.</returns>
    internal static Tensor Of(Tensor weight, Tensor input, Tensor gradient, long stride, long padding, IWorkObserver? observer)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var all = Work.Seen(observer, () => zeros_like(weight));
        var (taps, inputs, outputs) = (new Pixels(all, observer), new Pixels(input, observer), new Pixels(gradient, observer));
        for (var row = 0; row < taps.Height; row++)
        {
            var rows = Seen.By(row, stride, padding, inputs.Height, outputs.Height);
            for (var column = 0; column < taps.Width; column++)
            {
                var columns = Seen.By(column, stride, padding, inputs.Width, outputs.Width);
                if (rows.Count == 0 || columns.Count == 0)
                    continue;
                // The copies of the pixels that one tap sees go before those of the next are made.
                using var tap = NewDisposeScope();
                var left = outputs.Matrix(rows.First, columns.First, rows.Count, columns.Count, step: 1).t();
                var right = inputs.Matrix(rows.FirstInput, columns.FirstInput, rows.Count, columns.Count, stride);
                var product = taps.At(row, column);
                Work.Seen(observer, () => product.addmm_(left, right, beta: 0, alpha: 1));
            }
        }
        return all.MoveToOuterDisposeScope();
    }

    /// <summary>The outputs along one direction at which a tap sees the input and not its padding.</summary>
    private readonly record struct Seen(long First, long Count, long FirstInput)
    {
        internal static Seen By(long tap, long stride, long padding, long inputs, long outputs)
        {
            // Output k sees input k * stride + tap - padding.
            var before = padding - tap;
            var first = before > 0 ? (before + stride - 1) / stride : 0;
            var end = Math.Min(outputs, (inputs + before + stride - 1) / stride);
            return new(first, Math.Max(0, end - first), (first * stride) - before);
        }
    }

    // A way into libtorch costs as much as a small product: a part of the pixels is one view and not one for each direction.
    private readonly struct Pixels(Tensor images, IWorkObserver? observer)
    {
        private readonly long count = images.size(0);
        private readonly long channels = images.size(1);
        private readonly long ofCount = images.stride(0);
        private readonly long ofChannels = images.stride(1);
        private readonly long ofRows = images.stride(2);
        private readonly long ofColumns = images.stride(3);
        private readonly long origin = images.storage_offset();

        internal long Height { get; } = images.size(2);

        internal long Width { get; } = images.size(3);

        // [N, C] of one pixel; shares memory.
        internal Tensor At(long row, long column) => images.as_strided([count, channels], [ofCount, ofChannels], From(row, column));

        // [N * rows * columns, C] of every step-th pixel; a copy where they do not lie so.
        internal Tensor Matrix(long row, long column, long rows, long columns, long step)
        {
            if (rows == 1 && columns == 1)
                return At(row, column);
            var part = images.as_strided([count, rows, columns, channels], [ofCount, ofRows * step, ofColumns * step, ofChannels], From(row, column));
            var width = channels;
            return Work.Seen(observer, () => part.reshape(-1, width));
        }

        private long From(long row, long column) => origin + (row * ofRows) + (column * ofColumns);
    }
}
