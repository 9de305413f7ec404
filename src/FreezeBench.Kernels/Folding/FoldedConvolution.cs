using FreezeBench.Kernels.Convolutions;
using FreezeBench.Kernels.Observing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Folding;

/// <summary>
/// A convolution with the BatchNorm behind it folded in, for inference: one pass over the activations instead of two. It is
/// made of copies and changes nothing of the two layers. For inputs of one height and width, those of the first pass.
/// </summary>
/// <remarks>
/// In eval mode BatchNorm is y = gamma * (x - mean) / sqrt(variance + epsilon) + beta (Ioffe and Szegedy, "Batch
/// Normalization", 2015, algorithm 2): a factor and a shift for each channel. The factor goes into the weights, the shift
/// becomes the bias that these convolutions do not have. The first pass brings the weights into the form that is fastest for its input: a
/// fully connected layer's where the convolution is one (<see cref="FullyConnected"/>), else oneDNN's own order where it takes weights in it
/// (<see cref="PrepackedConvolution"/>).
/// </remarks>
internal sealed class FoldedConvolution : IDisposable
{
    private readonly Tensor bias;
    private readonly long[] stride;
    private readonly long[] padding;
    private readonly bool packs;
    private Tensor weight;
    private FullyConnected? connected;
    private bool prepared;

    /// <param name="convolution">Only read.</param>
    /// <param name="norm">Takes the convolution's output, with running statistics; only read.</param>
    /// <param name="type">Of the copy and of its inputs and outputs: float32, or the 16-bit type that the network computes in.</param>
    internal FoldedConvolution(TrainedConvolution convolution, BatchNorm2d norm, ScalarType type = ScalarType.Float32)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        // In float64, rounded once: the folded weights are then as near to the two layers as the type allows.
        var factor = Wide(norm.weight!) / (Wide(norm.running_var!) + norm.eps).sqrt();
        // Where the weight lies in memory is kept, since it decides the memory format of the output.
        weight = empty_strided(convolution.Weight.shape, convolution.Weight.stride(), type, convolution.Weight.device)
            .copy_(Wide(convolution.Weight) * factor.reshape(-1, 1, 1, 1)).DetachFromDisposeScope();
        bias = (Wide(norm.bias!) - (Wide(norm.running_mean!) * factor)).to(type).DetachFromDisposeScope();
        (stride, padding) = (convolution.Stride, convolution.Padding);
        packs = PrepackedConvolution.Takes(weight, stride, padding);
    }

    /// <summary>Of the convolution in the network, such as <c>layer1.0.conv1</c>.</summary>
    internal required string Name { get; init; }

    /// <summary>BatchNorm of the convolution of an input, and ReLU of it where asked for.</summary>
    /// <returns>In the caller's dispose scope.</returns>
    internal Tensor Run(Tensor input, ILayerObserver? observer, bool relu = false)
    {
        Prepare(input);
        if (connected is null && packs)
            return Seen(observer, () => PrepackedConvolution.Run(input, weight, bias, stride, padding, relu));
        var output = connected is not null
            ? connected.Run(input, product => Seen(observer, product))
            : Seen(observer, () => nn.functional.conv2d(input, weight, bias, strides: stride, padding: padding));
        return relu ? Seen(observer, output.relu_) : output;
    }

    /// <summary>ReLU of the sum of <see cref="Run"/> and another tensor.</summary>
    /// <param name="input">Of the convolution.</param>
    /// <param name="other">Of the output's shape.</param>
    /// <param name="mayOverwrite">Whether the other tensor is needed no more.</param>
    /// <param name="observer">Told of the convolution; null: nobody.</param>
    /// <returns>In the caller's dispose scope.</returns>
    internal Tensor RunAndAdd(Tensor input, Tensor other, bool mayOverwrite, ILayerObserver? observer)
    {
        Prepare(input);
        if (!packs || !mayOverwrite || connected is not null)
        {
            var output = Run(input, observer);
            Seen(observer, () => output.add_(other, alpha: Numbers.One));
            return Seen(observer, output.relu_);
        }
        return Seen(observer, () => PrepackedConvolution.RunOnto(input, other, weight, bias, stride, padding));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        connected?.Dispose();
        weight.Dispose();
        bias.Dispose();
    }

    // Not before the first pass: the form goes by the input's size. In the place of the weights, since nobody reads them any more.
    private void Prepare(Tensor input)
    {
        if (prepared)
            return;
        prepared = true;
        connected = FullyConnected.Of(weight, bias, stride, padding, input);
        if (connected is not null)
        {
            weight.Dispose();
        }
        else if (packs)
        {
            using var usual = weight;
            weight = PrepackedConvolution.Pack(usual, stride, padding, input).DetachFromDisposeScope();
        }
    }

    // What follows the convolution is the layer's too: often it is done in the same call.
    private Tensor Seen(ILayerObserver? observer, Func<Tensor> operation)
    {
        observer?.ForwardBegins(Name);
        var output = operation();
        observer?.ForwardEnds(Name);
        return output;
    }

    private static Tensor Wide(Tensor values) => values.to(ScalarType.Float64);
}
