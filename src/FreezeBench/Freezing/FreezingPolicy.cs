using FreezeBench.Networks.Residual;
using FreezeBench.Results;

namespace FreezeBench.Freezing;

/// <summary>
/// What trains and what is frozen: a closed list, each policy named once for options, rows, reports and docs.
/// A policy is a state of the network; one that changes in mid-run is two of them, one after the other, each with a
/// <see cref="PolicyNetwork"/> and an optimizer of its own.
/// </summary>
public sealed record FreezingPolicy
{
    /// <summary>Everything trains.</summary>
    public static readonly FreezingPolicy FineTune = new("fine-tune", "everything trains", Stage.Stem);

    /// <summary>The linear probe: only the head trains.</summary>
    public static readonly FreezingPolicy Frozen = new("frozen",
        "only the head trains; the backbone's parameters and BatchNorm statistics stay bit-identical", Stage.Head);

    /// <summary>What the PyTorch transfer-learning tutorial does: frozen parameters, drifting BatchNorm statistics.</summary>
    public static readonly FreezingPolicy FrozenTrainBatchNorm = new("frozen-train-bn",
        "only the head trains, but the backbone is in train mode: its BatchNorm statistics drift", Stage.Head)
    {
        FrozenStatisticsDrift = true,
    };

    /// <summary>As <see cref="Frozen"/>, with the backbone run once for each image.</summary>
    public static readonly FreezingPolicy FrozenCached = new("frozen-cached",
        "as frozen, with the features computed once per image: an epoch is head steps only", Stage.Head)
    {
        CachesFeatures = true,
    };

    /// <summary>Only the stem (conv1, bn1) is frozen.</summary>
    public static readonly FreezingPolicy FromLayer1 = From(Stage.Layer1, "stem");

    /// <summary>Stem and layer1 are frozen.</summary>
    public static readonly FreezingPolicy FromLayer2 = From(Stage.Layer2, "stem and layer1");

    /// <summary>Stem to layer2 are frozen.</summary>
    public static readonly FreezingPolicy FromLayer3 = From(Stage.Layer3, "stem to layer2");

    /// <summary>Stem to layer3 are frozen.</summary>
    public static readonly FreezingPolicy FromLayer4 = From(Stage.Layer4, "stem to layer3");

    /// <summary>All policies, in the order of tables and of "all".</summary>
    public static IReadOnlyList<FreezingPolicy> All { get; } =
        [FineTune, Frozen, FrozenTrainBatchNorm, FrozenCached, FromLayer1, FromLayer2, FromLayer3, FromLayer4];

    /// <summary>The names, for --help, the parser and its message.</summary>
    public static string ValidNames { get; } = string.Join(", ", All.Select(policy => policy.Name));

    private FreezingPolicy(string name, string description, Stage firstTrained) =>
        (Name, Description, FirstTrained) = (name, description, firstTrained);

    /// <summary>The name in options and rows.</summary>
    public string Name { get; }

    /// <summary>One line for --help and docs, without a full stop.</summary>
    public string Description { get; }

    /// <summary>The first stage that trains; all after it train, all before it are frozen.</summary>
    public Stage FirstTrained { get; }

    /// <summary>
    /// True where frozen BatchNorm layers stay in train mode: they normalise by the batch and their running statistics move.
    /// </summary>
    public bool FrozenStatisticsDrift { get; private init; }

    /// <summary>True where an epoch trains the head on features that were computed once.</summary>
    public bool CachesFeatures { get; private init; }

    /// <summary>True where the whole backbone is frozen and only the head trains.</summary>
    public bool BackboneFrozen => FirstTrained == Stage.Head;

    /// <summary>Finds a policy by its exact name.</summary>
    /// <exception cref="UserErrorException">The name is none of <see cref="ValidNames"/>.</exception>
    public static FreezingPolicy Parse(string name) => Find(name) ?? throw new UserErrorException(Unknown(name));

    /// <summary>Reads a comma-separated list in the user's order, or "all".</summary>
    /// <exception cref="UserErrorException">One line for each name that is unknown, empty or given twice.</exception>
    public static IReadOnlyList<FreezingPolicy> ParseList(string names) => NamedList.Parse(names, All, Find, Unknown, "Freezing policy");

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static FreezingPolicy From(Stage firstTrained, string frozen)
    {
        var layer = $"layer{firstTrained - Stage.Stem}";
        return new($"from-{layer}", $"{frozen} frozen as in frozen; {layer} and all after it train", firstTrained);
    }

    private static FreezingPolicy? Find(string name) => All.FirstOrDefault(policy => policy.Name == name);

    private static string Unknown(string name) =>
        $"Unknown freezing policy '{name}'. Valid values: {ValidNames}; for a list also all.";
}
