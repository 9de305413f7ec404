using FreezeBench.Kernels.Observing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Convolutions;

/// <summary>
/// What <c>nn.Conv2d</c> computes, [N, in, H, W] to [N, out, H', W'], with a faster gradient of the weight on the CPU where oneDNN has no fast way to it:
/// 3x3 kernels over few columns of pixels. <see cref="FastTraining.Prepare"/> puts it into a model.
/// </summary>
/// <remarks>
/// The faster way is taken for float32 inputs and weights on the CPU, with the weights channels-last (<see cref="MemoryFormat"/>), as wide as was measured
/// to gain; everywhere else the layer calls libtorch's own convolution. Gradients differ from <c>nn.Conv2d</c>'s by the rounding of another order of
/// sums. In a backward pass by <see cref="FastTraining.Backward"/> they cost no copy; in any other (<c>backward()</c>, <c>autograd.grad</c>, with or
/// without <c>retain_graph</c>) they are the same; with <c>create_graph</c> they are libtorch's own. Layers may be shared by threads.
/// </remarks>
public sealed class TrainedConvolution : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter? bias;
    private readonly long[] stride;
    private readonly long[] padding;
    private readonly bool isForTaps;

    /// <summary>A layer in a convolution's place: with its parameters themselves, which are not copied.</summary>
    /// <param name="convolution">One that <see cref="Takes"/> names; of no use, and not to be disposed, afterwards.</param>
    /// <exception cref="ArgumentException">It is another kind of convolution.</exception>
    public TrainedConvolution(Conv2d convolution) : base(nameof(TrainedConvolution))
    {
        ArgumentNullException.ThrowIfNull(convolution);
        if (!Takes(convolution))
            throw new ArgumentException("Only a convolution with one group, no dilation, and zeros for padding, given as numbers, can be replaced.", nameof(convolution));
        (weight, bias) = (convolution.weight!, convolution.bias);
        (stride, padding) = (convolution.stride, convolution.padding!);
        isForTaps = TapGradient.IsFor(weight, stride, padding);
        RegisterComponents();
        train(convolution.training);
    }

    /// <summary>Whether a convolution is one that this layer computes: one group, no dilation, zeros for padding, as many as numbers say.</summary>
    /// <param name="convolution">Only read.</param>
    public static bool Takes(Conv2d convolution)
    {
        ArgumentNullException.ThrowIfNull(convolution);
        return convolution is { groups: 1, padding_mode: PaddingModes.Zeros, padding: not null, padding_type: null } && convolution.dilation.All(step => step == 1);
    }

    /// <summary>[out, in, height, width].</summary>
    public Parameter Weight => weight;

    /// <summary>[out]; null: it has none.</summary>
    public Parameter? Bias => bias;

    /// <summary>In height and in width.</summary>
    public IReadOnlyList<long> Stride => stride;

    /// <summary>Zeros on each side, in height and in width.</summary>
    public IReadOnlyList<long> Padding => padding;

    /// <summary>Where <see cref="TapGradient"/> makes the weight's gradient; by default, where it is the faster way; null: nowhere.</summary>
    internal TapReach? Taps { get; init; } = TapReach.Here;

    /// <summary>Told where a pass is in our code and where in libtorch's; null, the default: nobody.</summary>
    internal IWorkObserver? Observer { get; set; }

    /// <summary>The convolution.</summary>
    /// <param name="input">[N, in, H, W], or [in, H, W]; of the weight's type and on its device.</param>
    /// <returns>[N, out, H', W'], or [out, H', W']; the caller disposes it.</returns>
    public override Tensor forward(Tensor input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Observer?.WorkEnds();
        // To libtorch the weight is a constant then: it gives the input's gradient and the bias's, and no other.
        using var constant = isForTaps && Taps is not null && TapGradient.Suits(Taps, input, weight, stride[1]) ? weight.detach() : null;
        Observer?.WorkBegins();
        if (constant is null)
            return nn.functional.conv2d(input, weight, bias, strides: stride, padding: padding);
        using var output = nn.functional.conv2d(input, constant, bias, strides: stride, padding: padding);
        Observer?.WorkEnds();
        var result = TapGradient.On(output, input, new(weight, bias, stride[0], padding[0], Observer));
        Observer?.WorkBegins();
        return result;
    }
}
