using System.Runtime.InteropServices;
using FreezeBench.Kernels.Observing;
using FreezeBench.Torch.Hardware;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Kernels.Folding;

/// <summary>
/// A convolution with the BatchNorm behind it folded in, for inference: one pass over the activations instead of two. It is
/// made of copies and changes nothing of the two layers. For inputs of one height and width, those of the first pass.
/// </summary>
/// <remarks>
/// In eval mode BatchNorm is y = gamma * (x - mean) / sqrt(variance + epsilon) + beta (Ioffe and Szegedy, "Batch
/// Normalization", 2015, algorithm 2): a factor and a shift for each channel. The factor goes into the weights and the bias, the shift
/// into the bias. The first pass brings the weights into the form that is fastest for its input: a
/// fully connected layer's where the convolution is one (<see cref="FullyConnected"/>), else oneDNN's own order where it takes weights in it
/// (<see cref="PrepackedConvolution"/>). On a GPU what follows the convolution is done by it where cuDNN can (<see cref="CudnnOperators"/>).
/// </remarks>
public sealed class FoldedConvolution : IDisposable
{
    private readonly Tensor bias;
    private readonly ConvolutionParts parts;
    // Of the largest absolute value: by how much a pass multiplies it at most, and what it adds.
    private readonly double gain = double.PositiveInfinity;
    private readonly double shift;
    private IFusedOperators? fused;
    private Tensor weight;
    private FullyConnected? connected;
    private bool prepared;

    /// <summary>The layers as they are now.</summary>
    /// <param name="name">Of the convolution in the network, such as <c>layer1.0.conv1</c>.</param>
    /// <param name="convolution">
    /// A <c>Conv2d</c> that pads with zeros, as many as numbers say, or a <see cref="Convolutions.TrainedConvolution"/>; only read.
    /// </param>
    /// <param name="norm">Takes the convolution's output, with running statistics; only read. null: the convolution is alone.</param>
    /// <param name="type">Of the copy and of its inputs and outputs: float32, or the 16-bit type that the network computes in.</param>
    /// <exception cref="ArgumentException">The layer is no such convolution, or the BatchNorm has no running statistics.</exception>
    public FoldedConvolution(string name, nn.Module convolution, BatchNorm2d? norm, ScalarType type = ScalarType.Float32)
        : this(name, convolution, norm, type, CudnnOperators.Of)
    {
    }

    /// <inheritdoc cref="FoldedConvolution(string, nn.Module, BatchNorm2d?, ScalarType)"/>
    /// <param name="choose">The operators for what follows the convolution; null: none.</param>
    internal FoldedConvolution(string name, nn.Module convolution, BatchNorm2d? norm, ScalarType type, Func<ConvolutionParts, IFusedOperators?> choose)
    {
        ArgumentNullException.ThrowIfNull(convolution);
        var layer = ConvolutionParts.Of(convolution)
            ?? throw new ArgumentException($"A {convolution.GetType().Name} like this one is no convolution that pads with zeros in given numbers.", nameof(convolution));
        if (norm is not null && !Folds(norm))
            throw new ArgumentException("A BatchNorm without running statistics takes those of every batch, and cannot be folded.", nameof(norm));
        Name = name;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        // In float64, rounded once: the folded weights are then as near to the two layers as the type allows.
        var weights = Wide(layer.Weight);
        var shifts = layer.Bias is null ? zeros(weights.size(0), ScalarType.Float64, weights.device) : Wide(layer.Bias);
        if (norm is not null)
        {
            var deviation = (Wide(norm.running_var!) + norm.eps).sqrt();
            var factor = (norm.weight is { } gamma ? Wide(gamma) : ones_like(deviation)) / deviation;
            weights *= factor.reshape(-1, 1, 1, 1);
            shifts = (shifts - Wide(norm.running_mean!)) * factor;
            if (norm.bias is { } beta)
                shifts += Wide(beta);
        }
        // Where the weight lies in memory is kept, since it decides the memory format of the output.
        weight = empty_strided(layer.Weight.shape, layer.Weight.stride(), type, layer.Weight.device).copy_(weights).DetachFromDisposeScope();
        bias = shifts.to(type).to(layer.Weight.device).DetachFromDisposeScope();
        parts = layer with { Weight = weight, Bias = bias };
        fused = choose(parts);
        NeedsFinite = fused is null && parts.IsDense && PrepackedConvolution.Takes(weight, parts.Stride, parts.Padding);
        if (weight.device_type == DeviceType.CPU && type == ScalarType.Float32)
            (gain, shift) = (weight.abs().sum([1, 2, 3]).max().item<float>(), bias.abs().max().item<float>());
    }

    /// <summary>Of the convolution in the network.</summary>
    public string Name { get; }

    /// <summary>Whether oneDNN's operators run it, ReLU included, where there is no NaN.</summary>
    internal bool NeedsFinite { get; }

    /// <summary>Whether a BatchNorm can be folded: whether it has running statistics.</summary>
    internal static bool Folds(BatchNorm2d norm) => norm.running_mean is not null && norm.running_var is not null;

    /// <summary>The largest absolute value of an output, from that of an input.</summary>
    internal double Bound(double input) => (gain * input) + shift;

    /// <summary>BatchNorm of the convolution of an input, and ReLU of it where asked for.</summary>
    /// <returns>In the caller's dispose scope.</returns>
    internal Tensor Run(Tensor input, FoldedPass pass, bool relu = false)
    {
        if (relu && Fused(pass, operators => operators.Relu(input, parts)) is { } together)
            return together;
        Prepare(input);
        if (connected is null && NeedsFinite && (!relu || pass.IsFinite))
            return Seen(pass.Layers, () => PrepackedConvolution.Run(input, weight, bias, parts.Stride, parts.Padding, relu));
        var output = connected is not null
            ? connected.Run(input, product => Seen(pass.Layers, product))
            : Seen(pass.Layers, () => NeedsFinite
                ? PrepackedConvolution.Run(input, weight, bias, parts.Stride, parts.Padding, relu: false)
                : nn.functional.conv2d(input, weight, bias, strides: parts.Stride, padding: parts.Padding, dilation: parts.Dilation, groups: parts.Groups));
        return relu ? Seen(pass.Layers, output.relu_) : output;
    }

    /// <summary>ReLU of the sum of <see cref="Run"/> and another tensor.</summary>
    /// <param name="input">Of the convolution.</param>
    /// <param name="other">Of the output's shape.</param>
    /// <param name="mayOverwrite">Whether the other tensor is needed no more.</param>
    /// <param name="pass">Of which this is a part.</param>
    /// <returns>In the caller's dispose scope.</returns>
    internal Tensor RunAndAdd(Tensor input, Tensor other, bool mayOverwrite, FoldedPass pass)
    {
        if (Fused(pass, operators => operators.AddRelu(input, other, parts)) is { } together)
            return together;
        Prepare(input);
        if (!NeedsFinite || !pass.IsFinite || !mayOverwrite || connected is not null)
        {
            var output = Run(input, pass);
            Seen(pass.Layers, () => output.add_(other, alpha: Numbers.One));
            return Seen(pass.Layers, output.relu_);
        }
        return Seen(pass.Layers, () => PrepackedConvolution.RunOnto(input, other, weight, bias, parts.Stride, parts.Padding));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        connected?.Dispose();
        weight.Dispose();
        bias.Dispose();
    }

    // Null: by the separate operations. cuDNN has no engine for every shape, and says so when it is called; the first pass decides it for all. A
    // memory that is full is no such answer: the separate operations need more of it.
    private Tensor? Fused(FoldedPass pass, Func<IFusedOperators, Tensor> operation)
    {
        if (fused is not { } operators)
            return null;
        try
        {
            var output = Seen(pass.Layers, () => operation(operators));
            prepared = true;
            return output;
        }
        catch (ExternalException refusal) when (!prepared && !FullMemory.IsCertain(refusal.Message))
        {
            pass.Layers?.ForwardEnds(Name);
            fused = null;
            return null;
        }
    }

    // Not before the first pass: the form goes by the input's size. In the place of the weights, since nobody reads them any more.
    private void Prepare(Tensor input)
    {
        if (prepared)
            return;
        prepared = true;
        connected = fused is null && parts.IsDense ? FullyConnected.Of(weight, bias, parts.Stride, parts.Padding, input) : null;
        if (connected is not null)
        {
            weight.Dispose();
        }
        else if (NeedsFinite)
        {
            using var usual = weight;
            weight = PrepackedConvolution.Pack(usual, parts.Stride, parts.Padding, input).DetachFromDisposeScope();
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

    // Apple's GPUs have no float64.
    private static Tensor Wide(Tensor values) => (values.device_type == DeviceType.MPS ? values.cpu() : values).to(ScalarType.Float64);
}
