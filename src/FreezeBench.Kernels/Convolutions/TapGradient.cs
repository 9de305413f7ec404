using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using FreezeBench.Kernels.Observing;
using TorchSharp;
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
/// <para>A <c>backward()</c> of the loss leaves the gradient where libtorch leaves it, added to one that was there before. Those that ask
/// libtorch for single gradients (<c>autograd.grad</c>), or for a second backward pass through the same graph, get none.</para>
/// </remarks>
internal sealed class TapGradient : autograd.SingleTensorFunction<TapGradient>
{
    private const int Kernel = 3;

    private const string Place = "place";

    // Of the thread that runs the backward pass. An exception may not leave it through libtorch's frames: the process would end.
    [ThreadStatic]
    private static Exception? failure;

    // What went through the node before: libtorch has its own handles by the next one, and the memory is free when these are gone.
    [ThreadStatic]
    private static Tensor[]? passed;

    /// <inheritdoc/>
    public override string Name => nameof(TapGradient);

    /// <summary>Whether a weight's gradient is wanted, and comes faster by this than by oneDNN.</summary>
    /// <param name="reach">Of the CPU.</param>
    /// <param name="input">Of the convolution. In autocast it is of 16 bits, and is left to libtorch.</param>
    /// <param name="weight">[out, in, K, K].</param>
    /// <param name="stride">In width.</param>
    internal static bool Suits(TapReach reach, Tensor input, Tensor weight, long stride) =>
        weight.requires_grad && is_grad_enabled() && weight.device_type == DeviceType.CPU && weight.size(2) == Kernel
        && weight.dtype == ScalarType.Float32 && input.dtype == ScalarType.Float32
        // Channels last: a tap of the gradient is then a matrix that a product can be written into.
        && weight.stride(1) == 1
        && reach.Includes(weight.size(0), ((input.size(3) - 1) / stride) + 1);

    /// <summary>A convolution's output as it is, whose backward pass adds to the weight's gradient.</summary>
    /// <param name="output">[N, out, H', W'] of a convolution to whose graph the weight does not belong.</param>
    /// <param name="weight">[out, in, K, K], a leaf; its gradient comes in its own memory format.</param>
    /// <param name="input">[N, in, H, W]; kept until the backward pass, and not to be changed until then.</param>
    /// <param name="stride">In both directions.</param>
    /// <param name="padding">In both directions.</param>
    /// <param name="observer">Told of the backward pass's part of this; null: nobody.</param>
    /// <returns>In the caller's dispose scope. The backward pass is <see cref="Backward"/>'s.</returns>
    internal static Tensor On(Tensor output, Tensor weight, Tensor input, long stride, long padding, IWorkObserver? observer = null)
    {
        using var constant = input.detach();
        return apply(output, weight, constant, new Convolved(weight, stride, padding, observer));
    }

    /// <summary>The backward pass of a loss whose graph may have such gradients.</summary>
    /// <remarks>On the CPU it runs in the thread that asks for it, and what went wrong in it can be thrown here.</remarks>
    /// <exception cref="ExternalException">What libtorch says, of one of these gradients too.</exception>
    internal static void Backward(Tensor loss)
    {
        Exception? thrown;
        failure = null;
        try
        {
            loss.backward();
        }
        finally
        {
            Release();
            (thrown, failure) = (failure, null);
        }
        if (thrown is not null)
            ExceptionDispatchInfo.Throw(thrown);
    }

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        ctx.save_for_backward([(Tensor)vars[2]]);
        ctx.save_data(Place, vars[3]);
        // Not the tensor itself: libtorch would make it a view.
        return ((Tensor)vars[0]).detach();
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var place = (Convolved)ctx.get_data(Place);
        place.Observer?.WorkEnds(calledBack: true);
        Release();
        // Kept until the next one: by then libtorch has its own handles.
        passed = [grad_output.DetachFromDisposeScope()];
        try
        {
            using var scope = NewDisposeScope();
            place.AddGradient(ctx.get_saved_variables()[0], grad_output);
            // Frees the input, which TorchSharp would keep until the graph goes.
            ctx.Dispose();
            var same = grad_output.alias().DetachFromDisposeScope();
            passed = [grad_output, same];
        }
        catch (Exception thrown)
        {
            failure ??= thrown;
        }
        place.Observer?.WorkBegins();
        // None for the weight by way of the graph: libtorch copies one that TorchSharp has a handle of, instead of taking it.
        return [passed[^1], null!, null!, null!];
    }

    /// <summary>The gradient.</summary>
    /// <param name="weight">[out, in, K, K]; only its shape and memory format count.</param>
    /// <param name="input">[N, in, H, W].</param>
    /// <param name="gradient">Of the output, [N, out, H', W'].</param>
    /// <param name="stride">In both directions.</param>
    /// <param name="padding">In both directions.</param>
    /// <param name="observer">Told of every product and of every copy; null: nobody.</param>
    /// <returns>Of the weight's shape and memory format, in the caller's dispose scope.</returns>
    private static Tensor Of(Tensor weight, Tensor input, Tensor gradient, long stride, long padding, IWorkObserver? observer)
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

    /// <summary>Frees what a <c>backward()</c> that was not <see cref="Backward"/> has left in this thread: two handles.</summary>
    internal static void Release()
    {
        foreach (var tensor in passed ?? [])
            tensor.Dispose();
        passed = null;
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

    private sealed record Convolved(Tensor Weight, long Stride, long Padding, IWorkObserver? Observer)
    {
        internal void AddGradient(Tensor input, Tensor gradient)
        {
            var own = Of(Weight, input, gradient.dtype == input.dtype ? gradient : gradient.to(input.dtype), Stride, Padding, Observer);
            using var before = Weight.grad;
            Weight.grad = before is null ? own : before.add_(own, alpha: Numbers.One);
        }
    }
}
