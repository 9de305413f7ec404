using FreezeBench.Kernels;
using FreezeBench.Kernels.Folding;
using FreezeBench.Networks.Residual;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks;

public sealed class FormulaWeightsTests
{
    [Fact]
    public void Uniform_HasTheBitsOfThePythonTwin() =>
        Assert.Equal(ResNetGolden.Formula, FormulaWeights.Uniform("formula", 8, -1, 1));

    // Each number by itself, and among others that are computed together: the first too, which are the Python twin's.
    [Fact]
    public void Uniform_HasTheSameBits_HoweverManyAreAsked()
    {
        var all = FormulaWeights.Uniform("formula", 43, -1, 0.3);
        Assert.All(Enumerable.Range(0, 43), count => Assert.Equal(all.Take(count), FormulaWeights.Uniform("formula", count, -1, 0.3)));
        Assert.Equal(43, all.Distinct().Count());
    }

    [Fact]
    public void Fill_OfAContiguousTensor_IsAChange_AndHasTheBitsOfUniform()
    {
        using var weight = zeros(4, 3, 3, 3);
        var versions = new TensorVersions([weight]);
        FormulaWeights.Fill([KeyValuePair.Create("conv.weight", weight)]);
        var bound = Math.Sqrt(6.0 / 27);
        Assert.Equal(FormulaWeights.Uniform("conv.weight", 108, -bound, bound), weight.data<float>().ToArray());
        Assert.False(versions.Unchanged);
    }

    [Fact]
    public void Fill_DoesNotDependOnTheMemoryFormat()
    {
        using var scope = NewDisposeScope();
        using var contiguous = Thin.Network();
        using var channelsLast = new ResNet(Thin.Shape(), Thin.Classes);
        MemoryFormat.ChannelsLast.ApplyTo(channelsLast);
        FormulaWeights.Fill(channelsLast);
        var expected = contiguous.state_dict();
        foreach (var (name, tensor) in channelsLast.state_dict())
            Assert.True(tensor.contiguous().bytes.SequenceEqual(expected[name].bytes), name);
    }
}
