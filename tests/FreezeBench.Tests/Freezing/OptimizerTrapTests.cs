using FreezeBench.Freezing;
using FreezeBench.Tests.Networks;
using TorchSharp.Modules;
using Xunit;
using static TorchSharp.torch;

namespace FreezeBench.Tests.Freezing;

/// <summary>What an optimizer does to parameters that are frozen before or after it was built.</summary>
public sealed class OptimizerTrapTests
{
    public static TheoryData<string> Optimizers => ["momentum", "weight decay", "adam"];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void OptimizerHandedEverything_DoesNotMoveWhatWasFrozenBefore(string kind)
    {
        using var resNet = Thin.Network();
        var network = new PolicyNetwork(resNet, FreezingPolicy.FromLayer3);
        using var optimizer = Build(kind, resNet.parameters());
        using var state = new FrozenAssert(network);
        for (var step = 0; step < 3; step++) Step(network.Forward, optimizer);
        state.Unchanged();
        Assert.Contains("layer3.0.conv1.weight", state.Changed());
    }

    /// <summary>
    /// The trap: requires_grad alone comes too late, since zero_grad leaves zeros and not null. Momentum moves on in the
    /// old direction, weight decay pulls towards 0, Adam goes on along its first moment.
    /// </summary>
    [Theory]
    [MemberData(nameof(Optimizers))]
    public void FreezingByHandInMidRun_DoesNotStopTheOptimizer(string kind)
    {
        using var scope = NewDisposeScope();
        using var resNet = Thin.Network();
        using var optimizer = Build(kind, resNet.parameters());
        var weight = (Parameter)resNet.get_parameter("conv1.weight")!;
        var start = weight.detach().clone();
        Step(resNet.call, optimizer);
        Step(resNet.call, optimizer);
        var frozenAt = weight.detach().clone();
        foreach (var parameter in resNet.parameters())
            parameter.requires_grad = parameter.shape is [Thin.Classes, ..];
        Step(resNet.call, optimizer);
        var move = weight.detach() - frozenAt;
        // Weight decay: against the weight itself. The others: on in the direction of the steps before.
        var direction = kind == "weight decay" ? -frozenAt : frozenAt - start;
        Assert.True(move.abs().max().item<float>() > 1e-5, $"moved by {move.abs().max().item<float>()}");
        var cosine = (move * direction).sum() / (move.norm() * direction.norm());
        Assert.InRange(cosine.item<float>(), 0.5f, 1.001f);
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void NewPolicyInMidRun_StopsEvenTheOldOptimizer(string kind)
    {
        using var resNet = Thin.Network();
        using var optimizer = Build(kind, resNet.parameters());
        Step(new PolicyNetwork(resNet, FreezingPolicy.FineTune).Forward, optimizer);
        var network = new PolicyNetwork(resNet, FreezingPolicy.Frozen);
        using var state = new FrozenAssert(network);
        for (var step = 0; step < 3; step++) Step(network.Forward, optimizer);
        state.Unchanged();
    }

    private static optim.Optimizer Build(string kind, IEnumerable<Parameter> parameters) => kind switch
    {
        "momentum" => optim.SGD(parameters, 0.01, momentum: 0.9),
        "weight decay" => optim.SGD(parameters, 0.01, weight_decay: 0.1),
        _ => optim.Adam(parameters, 0.01),
    };

    private static void Step(Func<Tensor, Tensor> forward, optim.Optimizer optimizer)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        nn.functional.cross_entropy(forward(Thin.TinyImages()), Thin.Labels()).backward();
        optimizer.step();
    }
}
