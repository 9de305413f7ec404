using FreezeBench.Kernels;
using FreezeBench.Kernels.Convolutions;
using FreezeBench.Kernels.Observing;
using FreezeBench.Kernels.Optimizing;
using FreezeBench.Tests.Networks;
using TorchSharp;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Kernels.Convolutions;

/// <summary>Models of other people under <see cref="FastTraining"/>: what is replaced, and that they learn the same.</summary>
public class FastTrainingTests
{
    [Fact]
    public void Prepare_KeepsTheParametersThemselves_UnderTheirNames_InTheirOrder()
    {
        using var scope = NewDisposeScope();
        using var model = TorchVisionResNet.Create();
        var before = model.named_parameters().ToList();
        var (keys, values) = (model.state_dict().Keys.ToList(), before.Select(item => item.parameter.detach().clone()).ToList());

        var report = FastTraining.Prepare(model);

        var after = model.named_parameters().ToList();
        Assert.Equal(before.Select(item => item.name), after.Select(item => item.name));
        Assert.Equal(keys, model.state_dict().Keys);
        foreach (var ((one, other), bits) in before.Zip(after).Zip(values))
        {
            Assert.Same(one.parameter, other.parameter);
            Assert.True(other.parameter.equal(bits).all().item<bool>(), one.name);
        }
        Assert.Equal(16, report.Replaced.Count);
        Assert.Contains("layer4.1.conv2", report.Replaced);
        Assert.Equal(["conv1", "layer2.0.downsample.0", "layer3.0.downsample.0", "layer4.0.downsample.0"], report.Left.Select(left => left.Name).Order());
        Assert.All(report.Left, left => Assert.Contains("3x3 kernels alone", left.Reason, StringComparison.Ordinal));
        Assert.Equal("16 convolutions replaced, 4 left", report.ToString());
        Assert.Equal(report.Replaced, model.named_modules().Where(item => item.module is TrainedConvolution).Select(item => item.name));
    }

    [Fact]
    public void Prepare_Twice_FindsNothingMore_AndTheModelLearnsTheSame()
    {
        using var scope = NewDisposeScope();
        using var model = Small();
        using var plain = Small();
        Assert.Equal(["0", "3.0"], FastTraining.Prepare(model).Replaced);
        var again = FastTraining.Prepare(model);
        Assert.Empty(again.Replaced);
        Assert.Equal(["3.2"], again.Left.Select(left => left.Name));
        AssertLearnsTheSame(plain, model, fast => FastLoop(fast));
    }

    [Fact]
    public void Layers_ThatWereReplaced_AreUsed()
    {
        using var scope = NewDisposeScope();
        using var model = Small();
        FastTraining.Prepare(model);
        var calls = new Calls();
        foreach (var layer in model.modules().OfType<TrainedConvolution>())
            layer.Observer = calls;
        FastLoop(model, count: 1);
        Assert.Equal(TapReach.Here is null ? 0 : 2, calls.FromBackwardPasses);
    }

    public static TheoryData<string> Forgotten => new("backward", "optimizer", "format", "everything but prepare", "prepare");

    [Theory]
    [MemberData(nameof(Forgotten))]
    public void WhatIsForgotten_CostsNoGradient(string forgotten)
    {
        using var scope = NewDisposeScope();
        using var model = Small();
        using var plain = Small();
        if (forgotten != "prepare")
            FastTraining.Prepare(model);
        AssertLearnsTheSame(plain, model, fast =>
        {
            if (forgotten is "everything but prepare" or "optimizer")
                PlainLoop.Train(fast, PlainLoop.Batches(size: Size));
            else
                FastLoop(fast, laysOut: forgotten != "format", ownBackward: forgotten != "backward");
        });
    }

    [Fact]
    public void FrozenPart_StaysFrozen_AndTheRestLearnsTheSame()
    {
        using var scope = NewDisposeScope();
        using var model = Small();
        using var plain = Small();
        foreach (var of in new[] { model, plain })
            of.get_parameter("0.weight")!.requires_grad = false;
        var frozen = model.get_parameter("0.weight")!;
        var before = frozen.detach().clone();
        FastTraining.Prepare(model);
        AssertLearnsTheSame(plain, model, fast => FastLoop(fast));
        Assert.Null(frozen.grad);
        Assert.True(frozen.equal(before).all().item<bool>());
    }

    [Fact]
    public void CpuForWhichNothingWasMeasured_GetsTheBitsOfLibtorchsOwnLayer()
    {
        using var scope = NewDisposeScope();
        using var own = nn.Conv2d(3, 8, 3, padding: 1);
        using var layer = new TrainedConvolution(nn.Conv2d(3, 8, 3, padding: 1)) { Taps = null };
        layer.load_state_dict(own.state_dict());
        foreach (var of in new nn.Module<Tensor, Tensor>[] { own, layer })
        {
            MemoryFormat.ChannelsLast.ApplyTo(of);
            FastTraining.Backward(of.call(linspace(-1, 1, 2 * 3 * 4).reshape(2, 3, 2, 2)).square().sum());
        }
        Assert.All(own.parameters().Zip(layer.parameters()), pair => Assert.True(pair.First.grad!.equal(pair.Second.grad!).all().item<bool>()));
    }

    [Fact]
    public void AfterAMoveToAnotherType_TheModelTrainsThere()
    {
        using var scope = NewDisposeScope();
        using var model = Small();
        FastTraining.Prepare(model);
        model.to(ScalarType.Float64);
        FastTraining.Backward(model.call(zeros(2, 3, Size, Size, ScalarType.Float64)).sum());
        Assert.All(model.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.grad!.dtype));
    }

    private const int Size = 4;

    // Two columns of pixels behind the first convolution: there and in the next one the fast gradient is taken.
    private static Sequential Small()
    {
        var model = nn.Sequential(
            nn.Conv2d(3, 8, 3, stride: 2, padding: 1), nn.BatchNorm2d(8), nn.ReLU(),
            nn.Sequential(nn.Conv2d(8, 8, 3, padding: 1, bias: false), nn.BatchNorm2d(8), nn.Conv2d(8, 8, 1), nn.ReLU()),
            nn.Flatten(), nn.Linear(32, TorchVisionResNet.Classes));
        FormulaWeights.Fill(model);
        return model;
    }

    private static void FastLoop(nn.Module<Tensor, Tensor> model, int count = 4, bool laysOut = true, bool ownBackward = true)
    {
        using var optimizer = new SgdOptimizer(model.parameters(), learningRate: 0.002, momentum: 0.9);
        foreach (var (images, labels) in PlainLoop.Batches(count, Size))
        {
            using var scope = NewDisposeScope();
            optimizer.ZeroGrad();
            var loss = nn.functional.cross_entropy(model.call(laysOut ? MemoryFormat.ChannelsLast.ApplyTo(images) : images), labels);
            if (ownBackward)
                FastTraining.Backward(loss);
            else
                loss.backward();
            optimizer.Step();
        }
    }

    private static void AssertLearnsTheSame(nn.Module<Tensor, Tensor> plain, nn.Module<Tensor, Tensor> fast, Action<nn.Module<Tensor, Tensor>> train)
    {
        var (losses, expected) = (PlainLoop.Losses(fast), PlainLoop.Losses(plain));
        train(fast);
        PlainLoop.Train(plain, PlainLoop.Batches(size: Size));
        PlainLoop.AssertSame(expected, losses);
    }

    private sealed class Calls : IWorkObserver
    {
        internal int FromBackwardPasses { get; private set; }

        public void WorkBegins()
        {
        }

        public void WorkEnds(bool calledBack = false) => FromBackwardPasses += calledBack ? 1 : 0;
    }
}
