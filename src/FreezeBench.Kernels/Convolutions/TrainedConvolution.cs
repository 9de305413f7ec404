using FreezeBench.Kernels.Observing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Convolutions;

/// <summary>
/// A convolution without a bias: float32 [N, in, H, W] to [N, out, H', W']. What <c>nn.Conv2d</c> computes, but for the weight's
/// gradient where oneDNN has no fast way to it (<see cref="TapGradient"/>).
/// </summary>
internal sealed class TrainedConvolution : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly long[] stride;
    private readonly long[] padding;

    /// <param name="drawn">
    /// Where the weight comes from; disposed here. A <c>Conv2d</c> draws numbers when it is made, and a seed is to go on giving the
    /// weights that it gives with one.
    /// </param>
    internal TrainedConvolution(Conv2d drawn) : base(nameof(TrainedConvolution))
    {
        using (drawn)
        using (var values = drawn.weight!.detach())
        {
            weight = nn.Parameter(values.clone());
            // The layer's own, and not the caller's scope's.
            weight.DetachFromDisposeScope();
            (stride, padding) = (drawn.stride!, drawn.padding!);
        }
        RegisterComponents();
    }

    /// <summary>[out, in, K, K].</summary>
    internal Parameter Weight => weight;

    /// <summary>In height and in width.</summary>
    internal long[] Stride => stride;

    /// <summary>Zeros on each side, in height and in width.</summary>
    internal long[] Padding => padding;

    /// <summary>Where <see cref="TapGradient"/> makes the weight's gradient; by default, where it is the faster way; null: nowhere.</summary>
    internal TapReach? Taps { get; init; } = TapReach.Here;

    /// <summary>Told where a pass is in our code and where in libtorch's; null, the default: nobody.</summary>
    internal IWorkObserver? Observer { get; set; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        Observer?.WorkEnds();
        // To libtorch the weight is a constant then: it gives the input's gradient and no other.
        using var constant = Taps is not null && TapGradient.Suits(Taps, input, weight, stride[1]) ? weight.detach() : null;
        Observer?.WorkBegins();
        if (constant is null)
            return nn.functional.conv2d(input, weight, strides: stride, padding: padding);
        using var output = nn.functional.conv2d(input, constant, strides: stride, padding: padding);
        Observer?.WorkEnds();
        var result = TapGradient.On(output, weight, input, stride[0], padding[0], Observer);
        Observer?.WorkBegins();
        return result;
    }
}
