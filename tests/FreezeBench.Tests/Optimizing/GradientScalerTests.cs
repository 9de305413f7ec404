using FreezeBench.Kernels.Optimizing;
using FreezeBench.Optimizing;
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

    private SgdOptimizer Sgd() => new([new ParameterGroup([weight, bias], 1)], momentum: 0, weightDecay: 0);

    private float[] Values() => [.. weight.detach().data<float>().ToArray(), bias.item<float>()];
}
