using FreezeBench.Kernels;
using FreezeBench.Kernels.Convolutions;
using FreezeBench.Kernels.Folding;
using FreezeBench.Kernels.Optimizing;
using FreezeBench.Networks.Residual;
using FreezeBench.Tests.Networks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels;

/// <summary>NaN and infinity come out of the fast layers where they come out of libtorch's own: a broken network must not look sound.</summary>
public class NotFiniteTests
{
    private const float Huge = 1e30f;

    public static TheoryData<float> Values { get; } = new(float.NaN, float.PositiveInfinity, float.NegativeInfinity, Huge);

    /// <summary>Kernel, stride, padding, height and width: fully connected forms, and those that are none.</summary>
    public static TheoryData<int, int, int, int, float> Layers
    {
        get
        {
            TheoryData<int, int, int, int, float> data = [];
            foreach (var value in Values.Select(row => row.Data))
                foreach (var (kernel, stride, padding, size) in ((int, int, int, int)[])[(3, 1, 1, 5), (3, 2, 1, 5), (1, 1, 0, 5), (1, 2, 0, 5), (7, 2, 3, 9), (3, 1, 1, 2), (3, 2, 1, 2), (1, 1, 0, 1)])
                    data.Add(kernel, stride, padding, size, value);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void ConvolutionNormAndReLU(int kernel, int stride, int padding, int size, float value)
    {
        using var scope = NewDisposeScope();
        using var modules = Modules(kernel, stride, padding);
        using var folded = FoldedSequence.Of(modules.named_children());
        using var noGrad = no_grad();
        var images = Images(3, size);
        AssertSame(modules.call(images), folded.Run(images));
        images[1, 2, 0, 0] = value;
        AssertSame(modules.call(images), folded.Run(images));
        // And none of it is left for the next pass.
        images[1, 2, 0, 0] = 1;
        AssertSame(modules.call(images), folded.Run(images));
    }

    [Theory]
    [InlineData("0.weight", float.NaN)]
    [InlineData("0.weight", float.PositiveInfinity)]
    [InlineData("0.weight", Huge)]
    [InlineData("0.bias", float.NaN)]
    [InlineData("1.bias", float.NegativeInfinity)]
    [InlineData("1.weight", float.NaN)]
    [InlineData("1.running_mean", float.NaN)]
    [InlineData("1.running_var", float.NaN)]
    [InlineData("1.running_var", -1f)]      // the root of which is NaN
    public void FoldingOfWeights(string name, float value)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        foreach (var size in new[] { 5, 2 })
        {
            using var modules = nn.Sequential(Modules(3, 1, 1), Modules(3, 1, 1, channelsIn: 8));
            var state = modules.state_dict()[$"0.{name}"];
            state.as_strided([1], [1]).fill_(value);
            modules.eval();
            using var folded = FoldedSequence.Of(modules.named_children());
            var images = Images(3, size);
            var expected = modules.call(images);
            Assert.True(float.IsNaN(value) || value == -1 || name != "0.weight" || expected.isfinite().all().item<bool>() == float.IsFinite(value));
            AssertSame(expected, folded.Run(images));
        }
    }

    [Theory]
    [InlineData(BlockKind.Basic)]
    [InlineData(BlockKind.Bottleneck)]
    public void NetworkWithABrokenWeight(BlockKind block)
    {
        foreach (var size in new[] { 32, 64 })
        {
            using var scope = NewDisposeScope();
            using var noGrad = no_grad();
            using var network = Thin.Network(block);
            MemoryFormat.ChannelsLast.ApplyTo(network);
            network.eval();
            network.state_dict()["layer1.0.conv1.weight"][0, 0, 0, 0] = float.NaN;
            using var folded = FoldedStages.Of(network, Stage.Layer4);
            var images = MemoryFormat.ChannelsLast.ApplyTo(Thin.TinyImages(size: size));
            var features = folded.Run(images, (int)Stage.Layer4);
            Assert.Equal(features.numel(), features.isnan().sum().item<long>());
            AssertSame(network.Run(images, Stage.Stem, Stage.Layer4), features);
        }
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void NetworkWithABrokenImage(float value)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var network = Thin.Network();
        MemoryFormat.ChannelsLast.ApplyTo(network);
        network.eval();
        using var folded = FoldedStages.Of(network, Stage.Layer4);
        var images = MemoryFormat.ChannelsLast.ApplyTo(Thin.TinyImages(count: 3, size: 64));
        images[1, 0, 5, 5] = value;
        AssertSame(network.Run(images, Stage.Stem, Stage.Layer4), folded.Run(images, (int)Stage.Layer4));
    }

    // Sums that leave float32's range in the middle of a network of finite weights: infinity there, and NaN behind it.
    [Fact]
    public void OverflowInTheMiddle()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var modules = nn.Sequential(Modules(3, 1, 1), Modules(3, 1, 1, channelsIn: 8), Modules(3, 1, 1, channelsIn: 8), Modules(3, 1, 1, channelsIn: 8));
        modules.state_dict()["0.1.weight"].mul_(1e19f);
        modules.state_dict()["1.1.weight"].mul_(1e19f);
        using var folded = FoldedSequence.Of(modules.named_children());
        var images = Images(3, 5);
        var expected = modules.call(images);
        Assert.True(expected.isnan().any().item<bool>());
        AssertSame(expected, folded.Run(images));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void TrainedConvolution_ForwardAndBackward(float value)
    {
        using var scope = NewDisposeScope();
        using var layer = new TrainedConvolution(nn.Conv2d(3, 4, 3, padding: 1)) { Taps = TapReach.WithAvx2 };
        MemoryFormat.ChannelsLast.ApplyTo(layer);
        var input = Images(3, 2).requires_grad_();
        using (no_grad())
            input[1, 2, 0, 0] = value;
        var output = layer.call(input);
        AssertSame(nn.functional.conv2d(input, layer.Weight, layer.Bias, padding: [1, 1]), output);
        FastTraining.Backward(output.sum());
        // Of the input channel that it is in, and of the taps that see it: those up to the middle one.
        var reached = layer.Weight.grad!.isfinite().logical_not();
        Assert.Equal(4 * 4, reached.sum().item<long>());
        Assert.True(reached[.., 2, ..2, ..2].all().item<bool>());

        layer.zero_grad();
        input.grad = null;
        var factors = ones_like(output);
        factors[0, 3, 1, 1] = value;
        FastTraining.Backward((layer.call(Images(3, 2)) * factors).sum());
        Assert.Equal([true, true, true, false], layer.Weight.grad!.isfinite().flatten(1).all(1).data<bool>());
        Assert.False(layer.Bias!.grad![3].isfinite().item<bool>());
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("adamw")]
    public void Optimizers(string kind)
    {
        foreach (var foreachUse in Enum.GetValues<ForeachUse>())
        {
            using var scope = NewDisposeScope();
            Parameter[] parameters = [nn.Parameter(ones(4)), nn.Parameter(ones(4, 3))];
            using Optimizer optimizer = kind == "sgd" ? new SgdOptimizer(parameters, 0.1, momentum: 0.9, weightDecay: 0.1) : new AdamWOptimizer(parameters, 0.1, weightDecay: 0.1);
            if (ForeachOperators.Exported is not null)
                optimizer.Foreach = foreachUse;
            for (var step = 0; step < 2; step++)
            {
                foreach (var parameter in parameters)
                {
                    parameter.grad = ones_like(parameter);
                    parameter.grad.reshape(-1)[0] = float.NaN;
                    parameter.grad.reshape(-1)[1] = float.PositiveInfinity;
                }
                optimizer.Step();
                foreach (var parameter in parameters)
                {
                    Assert.True(float.IsNaN(parameter.reshape(-1)[0].item<float>()));
                    Assert.False(float.IsFinite(parameter.reshape(-1)[1].item<float>()));
                    Assert.Equal(parameter.numel() - 2, parameter.isfinite().sum().item<long>());
                }
            }
        }
    }

    private static Sequential Modules(int kernel, int stride, int padding, int channelsIn = 3)
    {
        using var generator = new Generator(7, CPU);
        var modules = nn.Sequential(nn.Conv2d(channelsIn, 8, kernel, stride, padding), nn.BatchNorm2d(8), nn.ReLU(inplace: true));
        using (no_grad())
            foreach (var parameter in modules.parameters())
                parameter.copy_(randn(parameter.shape, generator: generator));
        MemoryFormat.ChannelsLast.ApplyTo(modules);
        modules.eval();
        return modules;
    }

    private static Tensor Images(int count, int size) => MemoryFormat.ChannelsLast.ApplyTo(linspace(-1, 1, count * 3 * size * size).reshape(count, 3, size, size));

    // Where libtorch has NaN, plus or minus infinity, there it is; and the rest is the same but for the rounding.
    private static void AssertSame(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.shape, actual.shape);
        foreach (var kind in (Func<Tensor, Tensor>[])[tensor => tensor.isnan(), tensor => tensor.eq(float.PositiveInfinity), tensor => tensor.eq(float.NegativeInfinity)])
            Assert.True(kind(expected).eq(kind(actual)).all().item<bool>());
        var finite = expected.isfinite();
        var (one, other) = (expected[finite], actual[finite]);
        if (one.numel() > 0)
            Assert.InRange(((one - other).abs() / (one.abs().max() + 1e-30f)).max().item<float>(), 0, (float)ParityAssert.Forward);
    }
}
