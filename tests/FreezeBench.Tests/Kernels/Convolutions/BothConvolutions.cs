using FreezeBench.Kernels;
using FreezeBench.Kernels.Convolutions;
using FreezeBench.Tests.Networks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels.Convolutions;

/// <summary>The same weights and images, in a layer of ours and in <c>nn.Conv2d</c>.</summary>
internal sealed class BothConvolutions : IDisposable
{
    internal const int ChannelsIn = 5;
    private const int ChannelsOut = 6;

    internal BothConvolutions(
        bool bias = true, bool inputTrains = true, int stride = 1, ScalarType type = ScalarType.Float32, bool laidOut = true, bool inputLaidOut = true)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        Tensor Drawn(params long[] shape) => randn(shape, generator: generator);
        var convolution = nn.Conv2d(ChannelsIn, ChannelsOut, 3, stride, padding: 1, bias: bias);
        using (no_grad())
            foreach (var parameter in convolution.parameters())
                parameter.copy_(Drawn(parameter.shape));
        var plain = nn.Conv2d(ChannelsIn, ChannelsOut, 3, stride, padding: 1, bias: bias);
        plain.load_state_dict(convolution.state_dict());
        var images = Drawn(3, ChannelsIn, 2, 2).to(type);
        var factors = Drawn(3, ChannelsOut, 2 / stride, 2 / stride).to(type).DetachFromDisposeScope();
        ConvolutionSide Made(nn.Module<Tensor, Tensor> layer)
        {
            layer.to(type);
            if (laidOut)
                MemoryFormat.ChannelsLast.ApplyTo(layer);
            var input = (inputLaidOut ? MemoryFormat.ChannelsLast.ApplyTo(images) : images.clone()).DetachFromDisposeScope();
            return new(layer, input.requires_grad_(inputTrains), factors);
        }
        (Fast, Plain) = (Made(new TrainedConvolution(convolution) { Taps = TapReach.WithAvx2 }), Made(plain));
    }

    internal ConvolutionSide Fast { get; }

    internal ConvolutionSide Plain { get; }

    internal ConvolutionSide[] Sides => [Fast, Plain];

    internal void AssertSameGradients(double tolerance = ParityAssert.Convolution)
    {
        var libtorchs = Plain.Leaves.ToList();
        foreach (var (own, other) in Fast.Leaves.Zip(libtorchs))
        {
            var (gradient, expected) = (own.grad!, other.grad!);
            Assert.Equal(expected.shape, gradient.shape);
            Assert.InRange(((gradient - expected).abs().max() / expected.abs().max()).item<float>(), 0, tolerance);
        }
    }

    public void Dispose()
    {
        foreach (var side in Sides)
        {
            side.Input.Dispose();
            side.Layer.Dispose();
        }
    }
}

/// <summary>One of the two.</summary>
internal sealed record ConvolutionSide(nn.Module<Tensor, Tensor> Layer, Tensor Input, Tensor Factors)
{
    internal Parameter Weight => Layer.get_parameter("weight")!;

    internal IEnumerable<Tensor> Leaves => Layer.parameters().Cast<Tensor>().Append(Input).Where(tensor => tensor.requires_grad);

    internal Tensor Output() => Layer.call(Input);

    // Not linear in the output: what differentiates it again is more than zeros.
    internal Tensor Loss(double scale = 1) => ((Output() * Factors * scale).square() * Factors).sum();

    internal IList<Tensor> Grads(bool createGraph = false) => autograd.grad([Loss()], [.. Leaves], retain_graph: createGraph, create_graph: createGraph);
}
