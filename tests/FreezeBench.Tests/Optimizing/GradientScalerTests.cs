using FreezeBench.Freezing;
using FreezeBench.Images.Formats;
using FreezeBench.Kernels;
using FreezeBench.Kernels.Observing;
using FreezeBench.Kernels.Optimizing;
using FreezeBench.Networks.Catalog;
using FreezeBench.Optimizing;
using FreezeBench.Torch.Arithmetic;
using FreezeBench.Torch.Hardware;
using FreezeBench.Training;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Optimizing;

/// <summary>The rule of torch.amp.GradScaler: 65536 at first, halved after an overflow, doubled after an interval without one.</summary>
public sealed class GradientScalerTests : IDisposable
{
    private readonly TorchSharp.DisposeScope scope = NewDisposeScope();
    private readonly Parameter weight = nn.Parameter(tensor(new[] { 1f, -2f, 3f }));
    private readonly Parameter bias = nn.Parameter(tensor(0.5f));

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Overflow_LeavesTheStepOut_AndHalvesTheScale()
    {
        using var optimizer = Sgd();
        using var scaler = new GradientScaler(CPU);
        foreach (var (bad, half) in new[] { (float.PositiveInfinity, 32768f), (float.NaN, 16384f), (float.NegativeInfinity, 8192f) })
        {
            // One element of one gradient is enough, and not the first.
            (weight.grad, bias.grad) = (tensor(new[] { 1f, 1f, bad }), tensor(1f));
            Assert.False(scaler.Step(optimizer));
            Assert.Equal(half, scaler.Current);
        }
        Assert.Equal([1f, -2f, 3f, 0.5f], Values());
        Assert.Empty(optimizer.State);
    }

    [Fact]
    public void IntervalWithoutOverflow_DoublesTheScale_AndAnOverflowBeginsItAnew()
    {
        using var optimizer = Sgd();
        using var scaler = new GradientScaler(CPU, growthInterval: 3);
        List<float> scales = [];
        foreach (var sound in new[] { true, true, false, true, true, true, true, true, true })
        {
            (weight.grad, bias.grad) = (ones(3), tensor(sound ? 1f : float.NaN));
            Assert.Equal(sound, scaler.Step(optimizer));
            scales.Add(scaler.Current);
        }
        Assert.Equal([65536, 65536, 32768, 32768, 32768, 65536, 65536, 65536, 131072], scales);
    }

    [Fact]
    public void WithoutOverflow_TheStepsAreThoseWithoutAScaler_BitForBit()
    {
        float[] Trained(Func<GradientScaler?> make)
        {
            using var inner = NewDisposeScope();
            var parameter = nn.Parameter(arange(9, ScalarType.Float32).cos());
            using var optimizer = new SgdOptimizer([new ParameterGroup([parameter], 0.1)], momentum: 0.9, weightDecay: 0.01);
            using var scaler = make();
            for (var step = 0; step < 5; step++)
            {
                parameter.grad = null;
                var loss = (parameter.sin() * arange(9, ScalarType.Float32)).pow(2).mean();
                (scaler?.Scale(loss) ?? loss).backward();
                if (scaler is null)
                    optimizer.Step();
                else
                    Assert.True(scaler.Step(optimizer));
            }
            return parameter.detach().data<float>().ToArray();
        }

        Assert.Equal(Trained(() => null), Trained(() => new GradientScaler(CPU, growthInterval: 2)));
    }

    [Fact]
    public void ParameterWithoutAGradient_IsLeftAlone()
    {
        using var optimizer = Sgd();
        using var scaler = new GradientScaler(CPU);
        weight.grad = full(3, 65536f);
        Assert.True(scaler.Step(optimizer));
        // A learning rate of 1 and a gradient of 65536 / 65536.
        Assert.Equal([0f, -3f, 2f, 0.5f], Values());
    }

    [Fact]
    public void Work_OfAStep_IsToldWithItsWait()
    {
        using var optimizer = Sgd();
        using var scaler = new GradientScaler(CPU);
        var observer = new Counting();
        scaler.WorkObserver = observer;
        scaler.Scale(tensor(2f));
        Assert.Equal((1, 1), (observer.Begun, observer.Ended));
        (weight.grad, bias.grad) = (ones(3), tensor(1f));
        Assert.True(scaler.Step(optimizer));
        // Two tensors, the unscaling, the wait for what it has found, and the scale's update; the optimizer's own tell by themselves.
        Assert.Equal((6, 6), (observer.Begun, observer.Ended));
    }

    [Fact]
    public void WhoWatchesAStep_WatchesItsScaler()
    {
        // By the step that benchmarks measure: what the scaler waits is not counted as the harness's.
        using var data = SyntheticImages.Create(4, 32, 10, seed: 1, CPU);
        using var trainer = new Trainer(
            NetworkCatalog.Parse("resnet18").Thin!, FreezingPolicy.Frozen, data, 32, MemoryFormat.Contiguous, new TrainingOptions { BatchSize = 4, Precision = Precision.Fp16 });
        var observer = new Counting();
        trainer.Observe(observer);
        Assert.Same(observer, trainer.Scaler!.WorkObserver);
        trainer.Observe(null);
        Assert.Null(trainer.Scaler.WorkObserver);
    }

    [Fact]
    public void Check_TakesSomeSteps_AndOnlyWhereGradientsAreScaled()
    {
        GradientScaler.Check(Precision.Fp16, new DeviceChoice(TorchSharp.DeviceType.CPU, 0, "as asked"));
        // This libtorch has no CUDA: a precision that needs no scaler does not come to see it.
        var gpu = new DeviceChoice(TorchSharp.DeviceType.CUDA, 0, "as asked");
        GradientScaler.Check(Precision.Bf16, gpu);
        Assert.ThrowsAny<Exception>(() => GradientScaler.Check(Precision.Fp16, gpu));
    }

    [Fact]
    public void State_GoesOnWhereItWas()
    {
        using var optimizer = Sgd();
        using var scaler = new GradientScaler(CPU, growthInterval: 3);
        using var restored = new GradientScaler(CPU, growthInterval: 3);
        for (var step = 0; step < 3; step++)
        {
            weight.grad = tensor(new[] { 1f, 1f, step == 0 ? float.NaN : 1f });
            scaler.Step(optimizer);
        }
        restored.Restore(scaler.State.ToDictionary());
        Assert.Equal(32768, restored.Current);
        weight.grad = ones(3);
        restored.Step(optimizer);
        // The third in a row: the two before were counted.
        Assert.Equal(65536, restored.Current);
    }

    [Fact]
    public void StateOfSomethingElse_IsRefused()
    {
        using var scaler = new GradientScaler(CPU);
        Assert.Throws<ArgumentException>("state", () => scaler.Restore(new Dictionary<string, Tensor> { ["momentum.0"] = ones(1) }));
        Assert.Throws<ArgumentException>("state", () => scaler.Restore(new Dictionary<string, Tensor> { ["scale"] = ones(2) }));
    }

    private sealed class Counting : IWorkObserver
    {
        public int Begun { get; private set; }

        public int Ended { get; private set; }

        public void WorkBegins() => Begun++;

        public void WorkEnds(bool calledBack = false) => Ended++;
    }

    private SgdOptimizer Sgd() => new([new ParameterGroup([weight, bias], 1)], momentum: 0, weightDecay: 0);

    private float[] Values() => [.. weight.detach().data<float>().ToArray(), bias.item<float>()];
}
