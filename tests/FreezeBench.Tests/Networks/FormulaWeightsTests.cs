using FreezeBench.Kernels;
using FreezeBench.Networks.Residual;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Networks;

public sealed class FormulaWeightsTests
{
    [Fact]
    public void Uniform_HasTheBitsOfThePythonTwin() =>
        Assert.Equal(ResNetGolden.Formula, FormulaWeights.Uniform("formula", 8, -1, 1));

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
