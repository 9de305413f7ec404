using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Folding;

/// <summary>
/// A convolution over images so small that every pixel of the output sees every pixel of the input, as the fully connected layer that
/// it is: one matrix product for the whole batch. For inference; made of copies.
/// </summary>
/// <remarks>
/// <para>A 3x3 convolution with padding 1 over 2x2 pixels is such a one, or over a single pixel: layer3 and layer4 of a ResNet at
/// 32 px. The products are those of the convolution without its padding, 4 in 9 and 1 in 9, and each weight has its place once or not
/// at all. oneDNN's convolutions go image by image there, with rows of one or two pixels to a product.</para>
/// <para>Batch 128, two cores with AVX-512, in turn, <see cref="PrepackedConvolution"/> against this: 256 channels over 2x2 pixels
/// 4.2 and 1.3 ms, from there to 512 over one pixel 3.0 and 0.7 ms, 512 over one pixel 1.3 and 0.4 ms. With AVX2: 4.3 and 2.0, 3.2 and
/// 1.1, 1.4 and 0.6 ms. Over 4x4 pixels, where each sees some of the others, a product of all with all takes twice as long as the convolution.
/// ResNet-18's folded backbone as a whole, in turn: 34.5 ms instead of 47.8 with AVX-512, 62.1 instead of 75.7 with AVX2.</para>
/// </remarks>
internal sealed class FullyConnected : IDisposable
{
    // [H' * W' * out, H * W * in] and [H' * W' * out]: pixels outside, channels inside, as channels-last images lie in memory.
    private readonly Tensor weight;
    private readonly Tensor bias;
    private readonly long[] outputShape;    // out, H', W'
    private readonly long[] outputStrides;  // of [N, out, H', W']

    private FullyConnected(Tensor weight, Tensor bias, long[] stride, long[] padding, Tensor input)
    {
        using var scope = NewDisposeScope();
        var (vertical, horizontal) = (Axis.Of(weight, stride, padding, input, 0), Axis.Of(weight, stride, padding, input, 1));
        outputShape = [weight.size(0), vertical.Outputs, horizontal.Outputs];
        outputStrides = MemoryFormat.ChannelsLast.Strides([1, .. outputShape]);
        // Rows by output pixel, columns by input pixel, each of them a block of the kernel's weights from there to here.
        var rows = from y in vertical.OutputPixels from x in horizontal.OutputPixels select (y, x);
        var columns = (from y in vertical.InputPixels from x in horizontal.InputPixels select (y, x)).ToArray();
        this.weight = cat([.. rows.Select(to => cat([.. columns.Select(from => weight[.., .., vertical.Tap(from.y, to.y), horizontal.Tap(from.x, to.x)])], 1))], 0)
            .DetachFromDisposeScope();
        this.bias = bias.repeat(vertical.Outputs * horizontal.Outputs).DetachFromDisposeScope();
    }

    /// <summary>The layer that a convolution is for inputs of this size.</summary>
    /// <param name="weight">float32 [out, in, K, K]; copied.</param>
    /// <param name="bias">float32 [out]; copied.</param>
    /// <param name="stride">Of the convolution, as many as dimensions.</param>
    /// <param name="padding">Of the convolution.</param>
    /// <param name="input">[N, in, H, W]; only its shape counts, and of that not N.</param>
    /// <returns>
    /// Null where some output pixel does not see some input pixel, and where it was not measured: in other types than float32, on other
    /// devices than the CPU, with weights that do not lie channels-last.
    /// </returns>
    internal static FullyConnected? Of(Tensor weight, Tensor bias, long[] stride, long[] padding, Tensor input) =>
        weight.device_type == DeviceType.CPU && weight.dtype == ScalarType.Float32 && weight.stride(1) == 1
        && Axis.Of(weight, stride, padding, input, 0).SeesAll && Axis.Of(weight, stride, padding, input, 1).SeesAll
            ? new(weight, bias, stride, padding, input)
            : null;

    /// <param name="input">float32 [N, in, H, W] of the size that this was made for.</param>
    /// <param name="around">Calls the product; for who watches it.</param>
    /// <returns>float32 [N, out, H', W'], channels-last; in the caller's dispose scope.</returns>
    internal Tensor Run(Tensor input, Func<Func<Tensor>, Tensor> around)
    {
        using var scope = NewDisposeScope();
        var pixels = input.permute(0, 2, 3, 1).reshape(input.size(0), -1);
        var sums = around(() => nn.functional.linear(pixels, weight, bias));
        return sums.as_strided([input.size(0), .. outputShape], outputStrides).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        weight.Dispose();
        bias.Dispose();
    }

    // One of the two dimensions: input pixel i meets the kernel's weight i - stride * o + padding at output pixel o.
    private readonly record struct Axis(int Kernel, int Stride, int Padding, int Inputs)
    {
        internal static Axis Of(Tensor weight, long[] stride, long[] padding, Tensor input, int dimension) =>
            new((int)weight.size(2 + dimension), (int)stride[dimension], (int)padding[dimension], (int)input.size(2 + dimension));

        internal int Outputs => ((Inputs + (2 * Padding) - Kernel) / Stride) + 1;

        internal IEnumerable<int> InputPixels => Enumerable.Range(0, Inputs);

        internal IEnumerable<int> OutputPixels => Enumerable.Range(0, Outputs);

        // The corners decide: the first output with the last input, the last output with the first.
        internal bool SeesAll => Outputs > 0 && Tap(Inputs - 1, 0) < Kernel && Tap(0, Outputs - 1) >= 0;

        internal int Tap(int input, int output) => input - (Stride * output) + Padding;
    }
}
