using FreezeBench.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace FreezeBench.Freezing;

/// <summary>What of a network is in eval mode while the rest trains.</summary>
internal sealed class FrozenModules
{
    private readonly List<nn.Module> evaluated = [];

    /// <param name="network">Whose parameters have their <c>requires_grad</c> already.</param>
    /// <param name="policy">What trains.</param>
    /// <param name="trainedStages">Indices of the stages in which something trains, adapters included.</param>
    internal FrozenModules(INetwork network, FreezingPolicy policy, IReadOnlySet<int> trainedStages)
    {
        var backbone = network.Stages.SkipLast(1).ToList();
        List<string> names = [.. network.Stages.Select(stage => stage.Name)];
        Norms =
        [
            .. backbone.Index().SelectMany(stage => stage.Item.AllModules.OfType<NormBase>()
                .Where(norm => IsFrozen(norm, policy.TrainsWeights(stage.Index, names)))).Distinct(),
        ];
        if (policy.FrozenStatisticsDrift)
            return;
        // A stage in which nothing trains is as in evaluation, dropout included; elsewhere only BatchNorm layers that do not train are.
        evaluated.AddRange(backbone.Index().Where(stage => !trainedStages.Contains(stage.Index)).SelectMany(stage => stage.Item.Modules));
        evaluated.AddRange(Norms);
    }

    /// <summary>BatchNorm layers before the head whose running statistics the policy does not train.</summary>
    internal IReadOnlyList<NormBase> Norms { get; }

    /// <summary>Takes back what <c>train()</c> of the whole network does to them.</summary>
    internal void Evaluate()
    {
        foreach (var module in evaluated)
            module.eval();
    }

    // One without parameters goes with the weights of its stage.
    private static bool IsFrozen(NormBase norm, bool weightsTrain) =>
        norm.parameters(recurse: false).Any() ? !norm.parameters(recurse: false).Any(parameter => parameter.requires_grad) : !weightsTrain;
}
