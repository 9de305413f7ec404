using FreezeBench.Tests.Networks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Freezing;

/// <summary>The library's behaviour that the design rests on; a test that fails here after an update is news.</summary>
public sealed class TorchSharpTrapTests
{
    [Fact]
    public void RequiresGradFalse_DoesNotStopBatchNorm_EvalDoes_AndTrainUndoesIt()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.BatchNorm2d(3);
        foreach (var parameter in layer.parameters()) parameter.requires_grad = false;
        var images = Thin.TinyImages() + 5;
        Assert.Equal(0.5f, MeanAfterForward(layer, images), 0.05f);   // momentum 0.1 of a mean of 5
        layer.eval();
        Assert.Equal(0.5f, MeanAfterForward(layer, images), 0.05f);
        layer.train();
        Assert.Equal(0.95f, MeanAfterForward(layer, images), 0.05f);
    }

    [Fact]
    public void OptimizersZeroGrad_LeavesZeros_NotNull()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(2, 1);
        using var optimizer = optim.SGD(layer.parameters(), 0.1);
        layer.call(ones(1, 2)).sum().backward();
        optimizer.zero_grad();
        Assert.NotNull(layer.weight.grad);
        layer.zero_grad(set_to_none: true);
        Assert.Null(layer.weight.grad);
    }

    [Fact]
    public void LayerHeldOnlyAsPrimaryConstructorParameter_IsNotRegistered()
    {
        using var layer = nn.Linear(2, 1);
        using var captured = new Captured(layer);
        using var held = new Held(layer);
        Assert.Empty(captured.parameters());
        Assert.Equal(2, held.parameters().Count());
    }

    [Fact]
    public void InferenceModeTensor_CannotBeSavedForBackward()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(2, 1);
        Tensor features;
        using (inference_mode(true)) features = ones(1, 2) * 2;
        Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => layer.call(features));
    }

    private static float MeanAfterForward(BatchNorm2d layer, Tensor images)
    {
        layer.call(images);
        return layer.running_mean!.mean().item<float>();
    }

    private sealed class Captured : nn.Module<Tensor, Tensor>
    {
        private readonly Func<Tensor, Tensor> forwardOf;

        internal Captured(Linear layer) : base(nameof(Captured))
        {
            forwardOf = layer.call;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => forwardOf(input);
    }

    private sealed class Held : nn.Module<Tensor, Tensor>
    {
        private readonly Linear layer;

        internal Held(Linear layer) : base(nameof(Held))
        {
            this.layer = layer;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => layer.call(input);
    }
}
