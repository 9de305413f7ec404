using System.Runtime.InteropServices;
using FreezeBench.Kernels.Convolutions;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels.Convolutions;

/// <summary>What was changed between the forward and the backward pass, and graphs that are used up: errors where <c>nn.Conv2d</c> has them.</summary>
public class ChangedMeanwhileTests
{
    [Fact]
    public void InputThatWasChangedMeanwhile_IsAnError_AsWithConv2d()
    {
        using var scope = NewDisposeScope();
        using var both = new BothConvolutions(inputTrains: false);
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
        using var both = new BothConvolutions(inputTrains: false);
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
        using var both = new BothConvolutions(inputTrains: false);
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
        using var both = new BothConvolutions();
        var loss = both.Fast.Loss();
        both.Fast.Weight.requires_grad = false;
        FastTraining.Backward(loss);
        Assert.Null(both.Fast.Weight.grad);
        Assert.NotNull(both.Fast.Input.grad);
    }
}
