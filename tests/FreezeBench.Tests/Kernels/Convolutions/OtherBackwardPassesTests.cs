using FreezeBench.Kernels.Convolutions;
using FreezeBench.Tests.Networks;
using FreezeBench.Torch.Arithmetic;
using TorchSharp;
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
        using var both = new BothConvolutions(bias, inputTrains, stride);
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
        using var both = new BothConvolutions();
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
        using var both = new BothConvolutions();
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
        using var both = new BothConvolutions();
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
        using var both = new BothConvolutions();
        var gradients = both.Sides.Select(side => autograd.grad([side.Loss()], [side.Input])[0]).ToList();
        ParityAssert.Exact(gradients[1], gradients[0]);
        Assert.Null(both.Fast.Weight.grad);
    }

    [Fact]
    public void Backward_ForTheInputAlone_LeavesTheWeightWithout()
    {
        using var scope = NewDisposeScope();
        using var both = new BothConvolutions();
        autograd.backward(both.Fast.Loss(), inputs: [both.Fast.Input]);
        Assert.Null(both.Fast.Weight.grad);
        Assert.NotNull(both.Fast.Input.grad);
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void GradientOfAGradient(bool bias, bool inputTrains, int stride)
    {
        using var scope = NewDisposeScope();
        using var both = new BothConvolutions(bias, inputTrains, stride);
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
        using var both = new BothConvolutions();
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
        using var both = new BothConvolutions();
        FastTraining.Backward(both.Fast.Loss() + both.Fast.Weight.square().sum());
        (both.Plain.Loss() + both.Plain.Weight.square().sum()).backward();
        both.AssertSameGradients();
    }

    [Fact]
    public void LayerThatIsUsedTwice()
    {
        using var scope = NewDisposeScope();
        using var both = new BothConvolutions();
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
        using var both = new BothConvolutions(type: type);
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
        using var both = new BothConvolutions();
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
        using var both = new BothConvolutions(laidOut: weightLaidOut, inputLaidOut: inputLaidOut);
        FastTraining.Backward(both.Fast.Loss());
        both.Plain.Loss().backward();
        both.AssertSameGradients();
    }

    [Fact]
    public void OneImageWithoutABatch_AndABatchWithoutAnImage()
    {
        using var scope = NewDisposeScope();
        using var both = new BothConvolutions();
        var image = both.Fast.Input.detach()[0];
        ParityAssert.Exact(both.Plain.Layer.call(image), both.Fast.Layer.call(image));
        var none = zeros(0, BothConvolutions.ChannelsIn, 2, 2);
        FastTraining.Backward(both.Fast.Layer.call(none).sum());
        Assert.Equal(0, both.Fast.Weight.grad!.abs().max().item<float>());
    }

    [Fact]
    public void Threads_EachGetTheirs_AndASharedWeightTheSum()
    {
        const int threads = 4, passes = 12;
        using var scope = NewDisposeScope();
        using var both = new BothConvolutions(inputTrains: false);
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
    public void Passes_LeaveNoTensorBehind()
    {
        using var outer = NewDisposeScope();
        using var both = new BothConvolutions();
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
}
