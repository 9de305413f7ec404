using FreezeBench.Networks;
using FreezeBench.Networks.General;
using FreezeBench.Networks.Residual;
using FreezeBench.Networks.TorchVision;
using FreezeBench.Networks.Vit;
using FreezeBench.Tests.Networks.TorchVision;

namespace FreezeBench.Tests.Freezing;

/// <summary>
/// What a policy is to change of a network, told a second time and from nothing but names and shapes of its state dict, to hold the
/// predicates of the policies and the roles that parameters have to it.
/// </summary>
internal sealed class PolicyRule
{
    private static readonly string[] stages = ["stem", "layer1", "layer2", "layer3", "layer4", "head"];

    private readonly string policy;
    private readonly IReadOnlyDictionary<string, long[]> shapes;
    private readonly Func<string, string> stageOf;

    internal PolicyRule(string policy, INetwork network)
    {
        this.policy = policy;
        shapes = network.Module.state_dict().ToDictionary(entry => entry.Key, entry => entry.Value.shape);
        stageOf = network switch
        {
            ResNet => OfResNet,
            VitNetwork => OfThinVit,
            TorchVisionNetwork { Module: ThinVgg } => OfThinVgg,
            TorchVisionNetwork => OfMobileNetV3Small,
            GeneralNetwork => name => name.StartsWith(network.HeadName + ".", StringComparison.Ordinal) ? "head" : "backbone",
            _ => throw new ArgumentException($"No rule tells the stages of a {network.GetType().Name}.", nameof(network)),
        };
    }

    /// <summary>The entries that move in training, in the order of the state dict.</summary>
    internal IReadOnlyList<string> Moving => [.. shapes.Keys.Where(name => IsStatistic(name) ? Drifts(name) : Trains(name))];

    private static bool IsStatistic(string name) => Leaf(name) is "running_mean" or "running_var" or "num_batches_tracked";

    private static string Leaf(string name) => name[(name.LastIndexOf('.') + 1)..];

    private static string Beside(string name, string leaf) => name[..(name.LastIndexOf('.') + 1)] + leaf;

    // A norm without parameters goes with the weights of its stage, such as the kernel of a convolution there.
    private bool Drifts(string name) => policy == "frozen-train-bn"
        || (shapes.ContainsKey(Beside(name, "weight")) ? Trains(Beside(name, "weight")) || Trains(Beside(name, "bias")) : policy == "fine-tune" || policy.StartsWith("from-", StringComparison.Ordinal));

    private bool Trains(string name)
    {
        var stage = stageOf(name);
        if (stage == "head")
            return true;
        return policy switch
        {
            "fine-tune" => true,
            "frozen" or "frozen-train-bn" or "frozen-cached" => false,
            "bias-only" => Leaf(name) == "bias",
            // Only normalisations have a weight that is a vector.
            "norm-only" => Leaf(name) is "weight" or "bias" && shapes.TryGetValue(Beside(name, "weight"), out var shape) && shape.Length == 1,
            _ when policy.StartsWith("lora:", StringComparison.Ordinal) => false,
            _ when policy.StartsWith("only-", StringComparison.Ordinal) => stage == policy["only-".Length..],
            _ when policy.StartsWith("from-", StringComparison.Ordinal) => Array.IndexOf(stages, stage) >= Array.IndexOf(stages, policy["from-".Length..]),
            _ => throw new ArgumentException($"No rule tells what '{policy}' trains."),
        };
    }

    private static string OfResNet(string name) => name.Split('.')[0] switch
    {
        "conv1" or "bn1" => "stem",
        "fc" => "head",
        var layer => layer,
    };

    // One block a stage; the last normalisation belongs to the last of them.
    private static string OfThinVit(string name) => name.Split('.') switch
    {
        ["cls_token"] or ["pos_embed"] or ["patch_embed", ..] => "stem",
        ["blocks", var block, ..] => $"layer{int.Parse(block, System.Globalization.CultureInfo.InvariantCulture) + 1}",
        ["norm", ..] => "layer4",
        ["head", ..] => "head",
        _ => throw new ArgumentException($"No stage is known of '{name}'."),
    };

    private static string OfThinVgg(string name) => name.Split('.') switch
    {
        ["features", var child, ..] => int.Parse(child, System.Globalization.CultureInfo.InvariantCulture) switch { <= 3 => "stem", <= 7 => "layer1", _ => "layer2" },
        ["classifier", "0", ..] => "layer2",
        ["classifier", "3", ..] => "head",
        _ => throw new ArgumentException($"No stage is known of '{name}'."),
    };

    private static string OfMobileNetV3Small(string name) => name.Split('.') switch
    {
        ["features", var child, ..] => int.Parse(child, System.Globalization.CultureInfo.InvariantCulture) switch { 0 => "stem", 1 => "layer1", <= 3 => "layer2", <= 8 => "layer3", _ => "layer4" },
        ["classifier", "0", ..] => "layer4",
        ["classifier", "3", ..] => "head",
        _ => throw new ArgumentException($"No stage is known of '{name}'."),
    };
}
