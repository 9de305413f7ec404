using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using FreezeBench.Kernels.Observing;
using TorchSharp;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Convolutions;

/// <summary>
/// The place in autograd's graph where a convolution's weight gets its gradient by <see cref="TapProducts"/>, behind a convolution of libtorch's
/// to which the weight is a constant.
/// </summary>
/// <remarks>
/// Inside of <see cref="Backward"/> the gradient is put where libtorch would leave it. In every other backward pass it goes by way of the graph, as that
/// of any other layer does, and so into <c>autograd.grad</c>, into a second pass through a graph that was retained, and past a parameter
/// that wants none. Where the pass itself is to be differentiated (<c>create_graph</c>), libtorch's own convolution takes this one's place.
/// </remarks>
// Made by TorchSharp: one for all convolutions.
[SuppressMessage("Performance", "CA1812", Justification = "TorchSharp makes it by its type argument.")]
internal sealed class TapGradient : autograd.SingleTensorFunction<TapGradient>
{
    private const int Kernel = 3;

    private const string Place = "place";

    // As many as apply() gets tensors and other things, in the order of their gradients.
    private const int OfOutput = 0;
    private const int OfWeight = 1;
    private const int OfInput = 2;
    private const int OfBias = 3;
    private const int Arguments = 5;

    // A gradient of no parameter's shape: libtorch throws at it, which is the one way from here to the caller of a backward pass. An
    // exception of ours may not leave through libtorch's frames: the process would end.
    private static readonly Lazy<Tensor> refusal = new(() => zeros(0).DetachFromDisposeScope());

    // Two passes in two threads may end in the same weight.
    private static readonly Lock accumulation = new();

    // Of the thread that runs the backward pass, as all of these.
    [ThreadStatic]
    private static Exception? failure;

    // What went through the node before: libtorch has its own handles by the next one, and the memory is free when these are gone.
    [ThreadStatic]
    private static Tensor?[]? passed;

    // Whether Backward is what runs.
    [ThreadStatic]
    private static bool direct;

    public override string Name => nameof(TapGradient);

    /// <summary>Whether this is for kernels of this shape, with one stride and one padding for both directions.</summary>
    /// <param name="weight">[out, in, height, width].</param>
    /// <param name="stride">In height and in width.</param>
    /// <param name="padding">In height and in width.</param>
    internal static bool IsFor(Tensor weight, long[] stride, long[] padding) =>
        weight.size(2) == Kernel && weight.size(3) == Kernel && stride[0] == stride[1] && padding[0] == padding[1];

    /// <summary>Whether a weight's gradient is wanted, and comes faster by this than by oneDNN.</summary>
    /// <param name="reach">Of the CPU.</param>
    /// <param name="input">Of the convolution. In autocast it is of 16 bits, and is left to libtorch.</param>
    /// <param name="weight">One that this <see cref="IsFor"/>.</param>
    /// <param name="stride">In width.</param>
    internal static bool Suits(TapReach reach, Tensor input, Tensor weight, long stride) =>
        weight.requires_grad && is_grad_enabled() && weight.device_type == DeviceType.CPU
        && weight.dtype == ScalarType.Float32 && input.dtype == ScalarType.Float32
        // Channels last: a tap of the gradient is then a matrix that a product can be written into.
        && weight.stride(1) == 1
        // One image without the dimension of the batch is libtorch's.
        && input.dim() == 4
        && reach.Includes(weight.size(0), ((input.size(3) - 1) / stride) + 1);

    /// <summary>A convolution's output as it is, whose backward pass gives the weight its gradient.</summary>
    /// <param name="output">[N, out, H', W'] of a convolution to whose graph the weight does not belong.</param>
    /// <param name="input">[N, in, H, W]; kept until the backward pass, and not to be changed until then.</param>
    /// <param name="layer">The convolution; its weight [out, in, K, K] gets a gradient of its own memory format.</param>
    /// <returns>In the caller's dispose scope.</returns>
    internal static Tensor On(Tensor output, Tensor input, Convolved layer)
    {
        // What a pass that was not Backward has left.
        Release();
        return apply(output, layer.Weight, input, layer.Bias!, layer);
    }

    /// <summary>The backward pass of a loss whose graph may have such gradients.</summary>
    /// <remarks>On the CPU it runs in the thread that asks for it, and what went wrong in it can be thrown here.</remarks>
    /// <exception cref="ExternalException">What libtorch says, of one of these gradients too.</exception>
    /// <exception cref="InvalidOperationException">The graph went through such a pass before.</exception>
    internal static void Backward(Tensor loss)
    {
        failure = null;
        direct = true;
        try
        {
            loss.backward();
        }
        // libtorch's words for a gradient that is none; ours say why there is none.
        catch (ExternalException) when (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
        finally
        {
            direct = false;
            failure = null;
            Release();
        }
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        // The weight only so that libtorch throws where somebody changes it before the backward pass.
        ctx.save_for_backward([(Tensor)vars[OfInput], (Tensor)vars[OfWeight]]);
        ctx.save_data(Place, vars[^1]);
        // Not the tensor itself: libtorch would make it a view.
        return ((Tensor)vars[OfOutput]).detach();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var layer = (Convolved)ctx.get_data(Place);
        layer.Observer?.WorkEnds(calledBack: true);
        Release();
        var gradients = new Tensor?[Arguments];
        try
        {
            if (layer.IsSpent)
                throw new InvalidOperationException("This graph's tensors were freed by a backward pass that does not retain them: run the forward pass again.");
            if (is_grad_enabled())
                AgainByLibtorch(ctx, layer, grad_output, gradients);
            else
                ByTaps(ctx, layer, grad_output, gradients);
        }
        catch (Exception thrown)
        {
            failure = thrown;
            gradients = new Tensor?[Arguments];
            gradients[OfWeight] = refusal.Value.alias().DetachFromDisposeScope();
        }
        // Kept until the next one: by then libtorch has its own handles.
        passed = [grad_output.DetachFromDisposeScope(), .. gradients];
        layer.Observer?.WorkBegins();
        return new(gradients!);
    }

    /// <summary>Frees what a backward pass that was not <see cref="Backward"/> has left in this thread: the handles of one layer.</summary>
    internal static void Release()
    {
        foreach (var tensor in passed ?? [])
            tensor?.Dispose();
        passed = null;
    }

    private static void ByTaps(autograd.AutogradContext ctx, Convolved layer, Tensor gradient, Tensor?[] gradients)
    {
        using var scope = NewDisposeScope();
        var input = ctx.get_saved_variables()[0];
        var own = TapProducts.Of(
            layer.Weight, input, gradient.dtype == input.dtype ? gradient : gradient.to(input.dtype), layer.Stride, layer.Padding, layer.Observer);
        if (direct)
        {
            // None for the weight by way of the graph: libtorch copies one that TorchSharp has a handle of, instead of taking it.
            layer.AddGradient(own);
            // Frees the input, which TorchSharp would keep until the graph goes.
            ctx.Dispose();
            layer.IsSpent = true;
        }
        else
        {
            gradients[OfWeight] = own.DetachFromDisposeScope();
        }
        gradients[OfOutput] = gradient.alias().DetachFromDisposeScope();
    }

    // The gradients as functions of the input, the weight and the output's gradient: none to the convolution in front, to which the weight is a constant.
    private static void AgainByLibtorch(autograd.AutogradContext ctx, Convolved layer, Tensor gradient, Tensor?[] gradients)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (input, weight) = (saved[0], saved[1]);
        var output = nn.functional.conv2d(input, weight, layer.Bias, strides: [layer.Stride, layer.Stride], padding: [layer.Padding, layer.Padding]);
        List<(int Index, Tensor Of)> wanted = [(OfWeight, weight)];
        if (input.requires_grad)
            wanted.Add((OfInput, input));
        if (layer.Bias is { requires_grad: true } bias)
            wanted.Add((OfBias, bias));
        var own = autograd.grad([output], [.. wanted.Select(one => one.Of)], [gradient.to(output.dtype)], create_graph: true);
        foreach (var ((index, _), tensor) in wanted.Zip(own))
            gradients[index] = tensor.DetachFromDisposeScope();
    }

    /// <summary>One pass through a convolution.</summary>
    /// <param name="Weight">A leaf, [out, in, K, K].</param>
    /// <param name="Bias">Of the convolution; null: it has none.</param>
    /// <param name="Stride">In both directions.</param>
    /// <param name="Padding">In both directions.</param>
    /// <param name="Observer">Told of the backward pass's part of this; null: nobody.</param>
    internal sealed record Convolved(Tensor Weight, Tensor? Bias, long Stride, long Padding, IWorkObserver? Observer)
    {
        /// <summary>Whether the input was freed.</summary>
        internal bool IsSpent { get; set; }

        internal void AddGradient(Tensor own)
        {
            // Frozen since the forward pass: libtorch leaves such a gradient out, too.
            if (!Weight.requires_grad)
                return;
            lock (accumulation)
            {
                using var before = Weight.grad;
                Weight.grad = before is null ? own : before.add_(own, alpha: Numbers.One);
            }
        }
    }
}
