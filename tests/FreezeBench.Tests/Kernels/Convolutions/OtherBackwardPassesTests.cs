using System.Runtime.InteropServices;
using FreezeBench.Kernels;
using FreezeBench.Kernels.Convolutions;
using FreezeBench.Tests.Networks;
using FreezeBench.Torch.Arithmetic;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels.Convolutions;

/// <summary>Gradients that are asked for in other ways than by <see cref="FastTraining.Backward"/>: those of <c>nn.Conv2d</c>.</summary>
public class OtherBackwardPassesTests
{
    public static TheoryData<bool, bool, int> Layers { get; } = new() { { false, false, 1 }, { true, true, 1 }, { true, false, 2 }, { false, true, 2 } };

    [Theory]
    [MemberData(nameof(Layers))]
    public void Backward_OfLibtorch(bool bias, bool inputTrains, int stride)
    {
        using var scope = NewDisposeScope();
        using var both = new Both(bias, inputTrains, stride);
        both.Fast.Loss().backward();
        both.Plain.Loss().backward();
        both.AssertSameGradients();
        // Laid out as the weight is, which an optimizer's loops are fastest with.
        Assert.Equal(both.Fast.Weight.stride(), both.Fast.Weight.grad!.stride());
    }

    [Fact]
    public void TwoPasses_AddUp_WhoeverMakesThem()
    {
        using var scope = NewDisposeScope();
        using var both = new Both();
        both.Fast.Loss().backward();
        FastTraining.Backward(both.Fast.Loss());
        both.Fast.Loss().backward();
        for (var pass = 0; pass < 3; pass++)
            both.Plain.Loss().backward();
        both.AssertSameGradients();
    }

    [Fact]
    public void SecondPass_ThroughARetainedGraph()
    {
        using var scope = NewDisposeScope();
        using var both = new Both();
        foreach (var side in both.Sides)
        {
            var loss = side.Loss();
            autograd.backward(loss, retain_graph: true);
            autograd.backward(loss, retain_graph: true);
            loss.backward();
        }
        both.AssertSameGradients();
    }

    [Fact]
    public void Grad_GivesThem_AndAccumulatesNone()
    {
        using var scope = NewDisposeScope();
        using var both = new Both();
        var (fast, plain) = (both.Fast.Grads(), both.Plain.Grads());
        Assert.Equal(3, fast.Count);
        foreach (var (own, libtorchs) in fast.Zip(plain))
            ParityAssert.Exact(libtorchs, own);
        Assert.Null(both.Fast.Weight.grad);
    }

    [Fact]
    public void Grad_OfTheInputAlone()
    {
        using var scope = NewDisposeScope();
        using var both = new Both();
        var gradients = both.Sides.Select(side => autograd.grad([side.Loss()], [side.Input])[0]).ToList();
        ParityAssert.Exact(gradients[1], gradients[0]);
        Assert.Null(both.Fast.Weight.grad);
    }

    [Fact]
    public void Backward_ForTheInputAlone_LeavesTheWeightWithout()
    {
        using var scope = NewDisposeScope();
        using var both = new Both();
        autograd.backward(both.Fast.Loss(), inputs: [both.Fast.Input]);
        Assert.Null(both.Fast.Weight.grad);
        Assert.NotNull(both.Fast.Input.grad);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void GradientOfAGradient(bool bias, bool inputTrains, int stride)
    {
        using var scope = NewDisposeScope();
        using var both = new Both(bias, inputTrains, stride);
        foreach (var side in both.Sides)
        {
            var penalty = side.Grads(createGraph: true).Select(gradient => gradient.square().sum()).Aggregate((one, other) => one + other);
            penalty.backward();
        }
        both.AssertSameGradients();
    }

    [Fact]
    public void GradientOfAGradient_ByBackward()
    {
        using var scope = NewDisposeScope();
        using var both = new Both();
        foreach (var side in both.Sides)
        {
            autograd.backward(side.Loss(), create_graph: true);
            using var gradient = side.Weight.grad!;
            Assert.True(gradient.requires_grad);
            side.Weight.grad = null;
            side.Input.grad = null;
            gradient.pow(3).sum().backward();
        }
        both.AssertSameGradients();
    }

    [Fact]
    public void WeightInALossOfItsOwn_GetsBothGradients()
    {
        using var scope = NewDisposeScope();
        using var both = new Both();
        FastTraining.Backward(both.Fast.Loss() + both.Fast.Weight.square().sum());
        (both.Plain.Loss() + both.Plain.Weight.square().sum()).backward();
        both.AssertSameGradients();
    }

    [Fact]
    public void LayerThatIsUsedTwice()
    {
        using var scope = NewDisposeScope();
        using var both = new Both();
        FastTraining.Backward(both.Fast.Loss() + both.Fast.Loss(scale: 2));
        (both.Plain.Loss() + both.Plain.Loss(scale: 2)).backward();
        both.AssertSameGradients();
    }

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Float64)]
    public void OtherTypes_AreLibtorchs(ScalarType type)
    {
        using var scope = NewDisposeScope();
        using var both = new Both(type: type);
        FastTraining.Backward(both.Fast.Loss());
        both.Plain.Loss().backward();
        Assert.Equal(type, both.Fast.Weight.grad!.dtype);
        Assert.True(both.Plain.Weight.grad!.equal(both.Fast.Weight.grad!).all().item<bool>());
    }

    [Fact]
    public void Autocast_GivesWhatItGivesWithConv2d()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Autocast's symbols are named by another rule there.");
        using var scope = NewDisposeScope();
        using var both = new Both();
        using (Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16))
            foreach (var side in both.Sides)
                Assert.Equal(ScalarType.BFloat16, side.Output().dtype);
        List<Tensor> losses = [];
        using (Autocast.Enter(DeviceType.CPU, ScalarType.BFloat16))
            losses.AddRange(both.Sides.Select(side => side.Loss()));
        losses.ForEach(FastTraining.Backward);
        // Eight bits of a number's are kept.
        both.AssertSameGradients(tolerance: 1.0 / 128);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void OtherMemoryFormats(bool weightLaidOut, bool inputLaidOut)
    {
        using var scope = NewDisposeScope();
        using var both = new Both(laidOut: weightLaidOut, inputLaidOut: inputLaidOut);
        FastTraining.Backward(both.Fast.Loss());
        both.Plain.Loss().backward();
        both.AssertSameGradients();
    }

    [Fact]
    public void OneImageWithoutABatch_AndABatchWithoutAnImage()
    {
        using var scope = NewDisposeScope();
        using var both = new Both();
        var image = both.Fast.Input.detach()[0];
        ParityAssert.Exact(both.Plain.Layer.call(image), both.Fast.Layer.call(image));
        var none = zeros(0, Both.ChannelsIn, 2, 2);
        FastTraining.Backward(both.Fast.Layer.call(none).sum());
        Assert.Equal(0, both.Fast.Weight.grad!.abs().max().item<float>());
    }

    [Fact]
    public void Threads_EachGetTheirs_AndASharedWeightTheSum()
    {
        const int threads = 4, passes = 25;
        using var scope = NewDisposeScope();
        using var both = new Both(inputTrains: false);
        foreach (var side in both.Sides)
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
            {
                using var own = NewDisposeScope();
                for (var pass = 0; pass < passes; pass++)
                    if (thread % 2 == 0)
                        FastTraining.Backward(side.Loss());
                    else
                        FastTraining.Backward(side.Loss(scale: 2));
            });
        }
        both.AssertSameGradients();
    }

    [Fact]
    public void InputThatWasChangedMeanwhile_IsAnError_AsWithConv2d()
    {
        using var scope = NewDisposeScope();
        using var both = new Both(inputTrains: false);
        foreach (var side in both.Sides)
        {
            var loss = side.Loss();
            side.Input.add_(1);
            var thrown = Assert.Throws<ExternalException>(() => FastTraining.Backward(loss));
            Assert.Contains("modified by an inplace operation", thrown.Message, StringComparison.Ordinal);
            var again = side.Loss();
            side.Input.add_(1);
            Assert.Throws<ExternalException>(() => again.backward());
            Assert.Null(side.Weight.grad);
        }
    }

    [Fact]
    public void WeightThatWasChangedMeanwhile_IsAnError_AsWithConv2d()
    {
        using var scope = NewDisposeScope();
        using var both = new Both(inputTrains: false);
        foreach (var side in both.Sides)
        {
            var loss = side.Loss();
            using (no_grad())
                side.Weight.add_(1);
            Assert.Throws<ExternalException>(() => loss.backward());
        }
    }

    [Fact]
    public void SecondFastPass_ThroughAGraphThatIsUsedUp_IsAnError()
    {
        using var scope = NewDisposeScope();
        using var both = new Both(inputTrains: false);
        var loss = both.Fast.Loss();
        FastTraining.Backward(loss);
        var gradient = both.Fast.Weight.grad!.clone();
        Assert.ThrowsAny<Exception>(() => FastTraining.Backward(loss));
        Assert.ThrowsAny<Exception>(() => loss.backward());
        Assert.True(gradient.equal(both.Fast.Weight.grad!).all().item<bool>());
    }

    [Fact]
    public void WeightThatWasFrozenMeanwhile_GetsNone()
    {
        using var scope = NewDisposeScope();
        using var both = new Both();
        var loss = both.Fast.Loss();
        both.Fast.Weight.requires_grad = false;
        FastTraining.Backward(loss);
        Assert.Null(both.Fast.Weight.grad);
        Assert.NotNull(both.Fast.Input.grad);
    }

    [Fact]
    public void Passes_LeaveNoTensorBehind()
    {
        using var outer = NewDisposeScope();
        using var both = new Both();
        void Step()
        {
            using var scope = NewDisposeScope();
            both.Fast.Loss().backward();
            both.Fast.Grads(createGraph: true);
        }
        Step();
        TapGradient.Release();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var step = 0; step < 5; step++)
            Step();
        TapGradient.Release();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>The same weights and images, in a layer of ours and in <c>nn.Conv2d</c>.</summary>
    private sealed class Both : IDisposable
    {
        internal const int ChannelsIn = 5;
        private const int ChannelsOut = 6;

        internal Both(
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
            Side Made(nn.Module<Tensor, Tensor> layer)
            {
                layer.to(type);
                if (laidOut)
                    MemoryFormat.ChannelsLast.ApplyTo(layer);
                var input = (inputLaidOut ? MemoryFormat.ChannelsLast.ApplyTo(images) : images.clone()).DetachFromDisposeScope();
                return new(layer, input.requires_grad_(inputTrains), factors);
            }
            (Fast, Plain) = (Made(new TrainedConvolution(convolution) { Taps = TapReach.WithAvx2 }), Made(plain));
        }

        internal Side Fast { get; }

        internal Side Plain { get; }

        internal Side[] Sides => [Fast, Plain];

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

    private sealed record Side(nn.Module<Tensor, Tensor> Layer, Tensor Input, Tensor Factors)
    {
        internal Parameter Weight => Layer.get_parameter("weight")!;

        internal IEnumerable<Tensor> Leaves => Layer.parameters().Cast<Tensor>().Append(Input).Where(tensor => tensor.requires_grad);

        internal Tensor Output() => Layer.call(Input);

        // Not linear in the output: what differentiates it again is more than zeros.
        internal Tensor Loss(double scale = 1) => ((Output() * Factors * scale).square() * Factors).sum();

        internal IList<Tensor> Grads(bool createGraph = false) => autograd.grad([Loss()], [.. Leaves], retain_graph: createGraph, create_graph: createGraph);
    }
}
