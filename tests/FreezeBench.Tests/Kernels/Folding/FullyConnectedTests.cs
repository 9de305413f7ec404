using FreezeBench.Kernels;
using FreezeBench.Kernels.Folding;
using FreezeBench.Tests.Networks;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels.Folding;

public class FullyConnectedTests
{
    private static readonly TensorIndex FirstImage = TensorIndex.Slice(0, 1);

    [Theory]
    [InlineData(3, 1, 1, 2, 2)]
    [InlineData(3, 1, 1, 1, 1)]
    [InlineData(3, 1, 1, 2, 1)]     // height and width apart
    [InlineData(3, 2, 1, 2, 2)]
    [InlineData(3, 2, 1, 1, 2)]
    [InlineData(1, 1, 0, 1, 1)]
    [InlineData(1, 2, 0, 1, 1)]
    [InlineData(7, 2, 3, 4, 4)]
    [InlineData(7, 2, 3, 3, 1)]
    public void Sums_AreThoseOfTheConvolution(int kernel, int stride, int padding, int height, int width)
    {
        using var scope = NewDisposeScope();
        var (input, weight, bias) = Case(kernel, height, width);
        using var layer = FullyConnected.Of(weight, bias, [stride, stride], [padding, padding], input);
        Assert.NotNull(layer);
        var output = layer.Run(input, product => product());

        var exact = nn.functional.conv2d(Exact(input), Exact(weight), Exact(bias), strides: [stride, stride], padding: [padding, padding]);
        ParityAssert.Exact(exact, output);
        Assert.Equal(MemoryFormat.ChannelsLast.Strides(output.shape), output.stride());
        // Of the size that counts are height and width alone.
        ParityAssert.Exact(exact[FirstImage], layer.Run(input[FirstImage], product => product()));
    }

    [Theory]
    [InlineData(3, 1, 1, 3, 2)]     // the corners do not see each other
    [InlineData(3, 1, 1, 1, 3)]
    [InlineData(3, 2, 1, 4, 4)]
    [InlineData(3, 1, 0, 4, 3)]
    [InlineData(1, 1, 0, 2, 1)]
    [InlineData(1, 2, 0, 2, 2)]     // the only output sees one of four
    [InlineData(3, 2, 1, 3, 1)]
    [InlineData(7, 2, 3, 8, 1)]
    public void WhereAPixelDoesNotSeeAll_ThereIsNone(int kernel, int stride, int padding, int height, int width)
    {
        using var scope = NewDisposeScope();
        var (input, weight, bias) = Case(kernel, height, width);
        Assert.Null(FullyConnected.Of(weight, bias, [stride, stride], [padding, padding], input));
    }

    [Fact]
    public void WhereItWasNotMeasured_ThereIsNone()
    {
        using var scope = NewDisposeScope();
        var (input, weight, bias) = Case(kernel: 3, height: 2, width: 2);
        Assert.NotNull(FullyConnected.Of(weight, bias, [1, 1], [1, 1], input));
        Assert.Null(FullyConnected.Of(weight.contiguous(), bias, [1, 1], [1, 1], input));
        Assert.Null(FullyConnected.Of(weight.to(ScalarType.BFloat16), bias.to(ScalarType.BFloat16), [1, 1], [1, 1], input));
        Assert.Null(FullyConnected.Of(weight.to(device("meta")), bias.to(device("meta")), [1, 1], [1, 1], input));
    }

    [Fact]
    public void ItHasCopies_AndDisposesThem()
    {
        using var scope = NewDisposeScope();
        var (input, weight, bias) = Case(kernel: 3, height: 2, width: 2);
        using var layer = FullyConnected.Of(weight, bias, [1, 1], [1, 1], input)!;
        var before = layer.Run(input, product => product());
        weight.zero_();
        bias.zero_();
        Assert.True(layer.Run(input, product => product()).eq(before).all().item<bool>());
    }

    private static (Tensor Input, Tensor Weight, Tensor Bias) Case(int kernel, int height, int width)
    {
        const int images = 3, channelsIn = 5, channelsOut = 4;
        Tensor Made(string name, params long[] shape) => tensor(FormulaWeights.Uniform(name, shape.Aggregate(1L, (all, size) => all * size), -1, 1), shape);
        return (
            MemoryFormat.ChannelsLast.ApplyTo(Made("images", images, channelsIn, height, width)),
            MemoryFormat.ChannelsLast.ApplyTo(Made("weight", channelsOut, channelsIn, kernel, kernel)), Made("bias", channelsOut));
    }

    private static Tensor Exact(Tensor tensor) => tensor.to(ScalarType.Float64);
}
