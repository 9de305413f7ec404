using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using FreezeBench.Freezing;
using FreezeBench.Kernels;
using FreezeBench.Kernels.Convolutions;
using FreezeBench.Kernels.Observing;
using FreezeBench.Networks.Residual;
using FreezeBench.Tests.Networks;
using FreezeBench.Tests.Training;
using FreezeBench.Training;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels.Convolutions;

public class TapGradientTests
{
    /// <summary>Images, channels in and out, height, width, stride.</summary>
    public static TheoryData<int, int, int, int, int, int> Shapes => new()
    {
        { 8, 16, 24, 1, 1, 1 },
        { 8, 16, 24, 1, 1, 2 },
        { 8, 16, 24, 2, 2, 1 },
        { 8, 16, 24, 2, 2, 2 },
        { 3, 5, 7, 3, 3, 1 },
        { 3, 5, 7, 3, 3, 2 },
        { 3, 5, 7, 4, 4, 2 },
        { 2, 8, 8, 7, 4, 1 },
        { 2, 8, 8, 4, 7, 2 },
        { 1, 4, 4, 1, 5, 1 },
        { 1, 4, 4, 6, 1, 2 },
        { 2, 32, 256, 5, 5, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Gradients_AreThoseOfFloat64(int images, int channelsIn, int channelsOut, int height, int width, int stride)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1, CPU);
        using var layer = Layer(channelsIn, channelsOut, stride);
        using (no_grad())
            layer.Weight.copy_(randn(channelsOut, channelsIn, 3, 3, generator: generator));
        var input = Laid(randn(images, channelsIn, height, width, generator: generator)).requires_grad_();
        var (exactInput, exactWeight) = (Exact(input), Exact(layer.Weight));

        var output = layer.call(input);
        var exact = nn.functional.conv2d(exactInput, exactWeight, strides: [stride, stride], padding: [1, 1]);
        var gradient = randn(output.shape, generator: generator);
        TapGradient.Backward((output * gradient).sum());
        exact.backward([gradient.to(ScalarType.Float64)]);

        ParityAssert.Exact(exact, output);
        ParityAssert.Exact(exactInput.grad!, input.grad!);
        ParityAssert.Exact(exactWeight.grad!, layer.Weight.grad!);
        Assert.Equal(layer.Weight.stride(), layer.Weight.grad!.stride());
    }

    [Fact]
    public void SecondBackwardPass_AddsToTheGradient()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(4, 4, stride: 1);
        var input = Laid(ones(2, 4, 2, 2));
        TapGradient.Backward(layer.call(input).sum());
        var once = layer.Weight.grad!.clone();
        TapGradient.Backward(layer.call(input).sum());

        // Of the four pixels of an image the middle tap sees all, one at an edge two, one in a corner one; two images.
        Assert.Equal([2f, 4f, 2f, 4f, 8f, 4f, 2f, 4f, 2f], once[0, 0].reshape(-1).data<float>());
        Assert.True((once * 2).equal(layer.Weight.grad!).all().item<bool>());
    }

    [Fact]
    public void BackwardPass_LeavesTheGradientAlone()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(4, 4, stride: 1);
        TapGradient.Release();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var step = NewDisposeScope())
            TapGradient.Backward(layer.call(Laid(ones(2, 4, 2, 2))).sum());
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.NotNull(layer.Weight.grad);
    }

    [Fact]
    public void Observer_SeesOurCodeInTheLayer_AndLibtorchInEveryProductAndCopy()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(4, 4, stride: 1);
        var observer = new Observer();
        layer.Observer = observer;
        var output = layer.call(Laid(ones(2, 4, 1, 2)));
        // Before the convolution and after it.
        Assert.Equal("<> <> ", observer.Seen);

        observer.Seen = "";
        TapGradient.Backward(output.sum());
        // The zeros; of a row of two pixels the three taps of the kernel's middle row see something, the one in the middle both:
        // it alone has its two matrices laid out.
        Assert.Equal("back<> <> <> <> <> <> <> ", observer.Seen);
    }

    [Fact]
    public void FrozenWeight_GetsNone_AndTheInputItsOwn()
    {
        using var scope = NewDisposeScope();
        using var layer = Layer(4, 4, stride: 1);
        layer.Weight.requires_grad = false;
        var input = Laid(ones(2, 4, 2, 2)).requires_grad_();
        TapGradient.Backward(layer.call(input).sum());
        Assert.Null(layer.Weight.grad);
        Assert.NotNull(input.grad);
    }

    [Theory]
    [InlineData("few columns", true)]
    [InlineData("few columns after a stride", true)]
    [InlineData("many channels", true)]
    [InlineData("few channels and many columns", false)]
    [InlineData("many channels and more columns than measured", false)]
    [InlineData("a 1x1 kernel", false)]
    [InlineData("frozen", false)]
    [InlineData("without a graph", false)]
    [InlineData("contiguous", false)]
    [InlineData("16 bits", false)]
    [InlineData("float64", false)]
    public void Suits_SaysForWhichConvolutions(string which, bool suits)
    {
        using var scope = NewDisposeScope();
        var type = which == "float64" ? ScalarType.Float64 : ScalarType.Float32;
        var weight = which switch
        {
            "many channels" or "many channels and more columns than measured" => ones(256, 4, 3, 3),
            "a 1x1 kernel" => ones(256, 4, 1, 1),
            _ => ones([8, 4, 3, 3], type),
        };
        if (which != "contiguous")
            weight = Laid(weight);
        weight.requires_grad_(which != "frozen");
        var columns = which switch
        {
            "few channels and many columns" => 3,
            "many channels" => 16,
            "many channels and more columns than measured" => 17,
            "few columns after a stride" => 4,
            _ => 2,
        };
        var input = ones([1, 4, 9, columns], which == "16 bits" ? ScalarType.BFloat16 : type);
        using var noGrad = which == "without a graph" ? no_grad() : null;

        var stride = which == "few columns after a stride" ? 2 : 1;
        Assert.Equal(suits, TapGradient.IsFor(weight, [stride, stride], [1, 1]) && TapGradient.Suits(TapReach.WithAvx2, input, weight, stride));
    }

    [Fact]
    public void Layer_UsesIt_WhereItIsTheFasterWay()
    {
        using var layer = (TrainedConvolution)Layers.Convolution(KernelSet.Fast, 4, 4, kernel: 3);
        Assert.Equal(Avx512F.IsSupported ? TapReach.WithAvx512 : Avx2.IsSupported ? TapReach.WithAvx2 : null, layer.Taps);
    }

    [Theory]
    [InlineData(255, 2, true, true)]
    [InlineData(255, 3, false, false)]
    [InlineData(256, 4, true, true)]
    [InlineData(256, 5, true, false)]
    [InlineData(512, 16, true, false)]
    [InlineData(512, 17, false, false)]
    public void Reach_IsOfTheKindOfCpu(int channels, int columns, bool withAvx2, bool withAvx512) =>
        Assert.Equal((withAvx2, withAvx512), (TapReach.WithAvx2.Includes(channels, columns), TapReach.WithAvx512.Includes(channels, columns)));

    [Fact]
    public void WhatABackwardPassCannotThrow_IsThrownAtItsEnd()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ExternalException>(() => TapGradient.Backward(Failing(ones(2, 4, 1, 1), Kernel()).sum()));
        TapGradient.Backward(ones(1).requires_grad_().sum());
    }

    [Fact]
    public void TrainingStep_ThrowsIt_AndIsNotBlamedForAnother()
    {
        using var data = TinyTraining.TinyImages();
        using var trainer = TinyTraining.Ready(data, FreezingPolicy.FineTune);
        using var scope = NewDisposeScope();
        // A backward pass that is none of ours has no words for it, but ends there, too.
        var kernel = Kernel();
        Assert.Throws<ExternalException>(() => Failing(ones(2, 4, 1, 1), kernel).sum().backward());
        trainer.Step(0, NoObserver.Instance);

        var stem = (TrainedConvolution)trainer.Network.Network.Stages[0].Modules[0];
        var hook = stem.register_forward_hook((_, _, output) => Failing(output, kernel));
        Assert.Throws<ExternalException>(() => trainer.Step(0, NoObserver.Instance));
        hook.remove();
        trainer.Step(0, NoObserver.Instance);
    }

    [Fact]
    public void Layer_IsKnownByTheNamesOfConv2d_AndMovesAsOne()
    {
        using var layer = (TrainedConvolution)Layers.Convolution(KernelSet.Fast, 4, 8, kernel: 3, stride: 2);
        Assert.Equal(["weight"], layer.state_dict().Keys);
        layer.to(ScalarType.Float64);
        Assert.Equal(ScalarType.Float64, layer.Weight.dtype);
        layer.to(device("meta"));
        Assert.Equal(DeviceType.META, layer.Weight.device_type);
        Assert.True(layer.Weight.requires_grad);
    }

    // "<" where our code begins, ">" where libtorch goes on.
    private sealed class Observer : IWorkObserver
    {
        internal string Seen { get; set; } = "";

        public void WorkBegins() => Seen += "> ";

        public void WorkEnds(bool calledBack = false) => Seen += calledBack ? "back<" : "<";
    }

    // Images with other channels than the weight has: no product of theirs is one of its taps.
    private static Tensor Failing(Tensor output, Tensor kernel) => TapGradient.On(output, ones(2, 3, 1, 1), new(kernel, Bias: null, Stride: 1, Padding: 1, Observer: null));

    private static Tensor Kernel() => Laid(ones(4, 4, 3, 3)).requires_grad_();

    private static TrainedConvolution Layer(int channelsIn, int channelsOut, int stride)
    {
        using var scope = NewDisposeScope();
        var layer = new TrainedConvolution(nn.Conv2d(channelsIn, channelsOut, 3, stride, padding: 1, bias: false)) { Taps = TapReach.WithAvx2 };
        using (no_grad())
            layer.Weight.fill_(1);
        MemoryFormat.ChannelsLast.ApplyTo(layer);
        return layer;
    }

    private static Tensor Laid(Tensor tensor) => MemoryFormat.ChannelsLast.ApplyTo(tensor);

    private static Tensor Exact(Tensor tensor) => tensor.detach().to(ScalarType.Float64).requires_grad_();
}
