using FreezeBench.Freezing;
using FreezeBench.Tests.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Freezing;

/// <summary>A thin network under a policy, with SGD on the trainable parameters: momentum and weight decay, the movers.</summary>
internal sealed class ThinTraining : IDisposable
{
    private readonly optim.Optimizer optimizer;
    private readonly BatchNormSnapshot start;
    private readonly Tensor labels = Thin.Labels();

    internal ThinTraining(string policy)
    {
        Network = new PolicyNetwork(Thin.Network(), FreezingPolicy.Parse(policy));
        optimizer = Sgd(Network.TrainableParameters);
        start = Network.SnapshotFrozenBatchNorm();
    }

    internal PolicyNetwork Network { get; }

    internal Tensor Images { get; } = Thin.TinyImages();

    internal static optim.Optimizer Sgd(IEnumerable<Parameter> parameters) =>
        optim.SGD(parameters, 0.01, momentum: 0.9, weight_decay: 0.01);

    internal void Steps(int count)
    {
        for (var step = 0; step < count; step++)
        {
            Network.ZeroGrad();
            Backward();
            optimizer.step();
        }
    }

    internal void HeadSteps(int count, Tensor features)
    {
        for (var step = 0; step < count; step++)
        {
            Network.ZeroGrad();
            using var scope = NewDisposeScope();
            nn.functional.cross_entropy(Network.ForwardHead(features), labels).backward();
            optimizer.step();
        }
    }

    internal void Backward()
    {
        using var scope = NewDisposeScope();
        nn.functional.cross_entropy(Network.Forward(Images), labels).backward();
    }

    internal float Drift() => start.Drift();

    public void Dispose()
    {
        start.Dispose();
        optimizer.Dispose();
        Images.Dispose();
        labels.Dispose();
        Network.Dispose();
        Network.Network.Dispose();
    }
}
