using System.Globalization;
using FreezeBench.Results;

namespace FreezeBench.Freezing;

/// <summary>
/// What trains and what is frozen, as a predicate over parameters; which of BatchNorm's statistics move, and from which stage on the backward
/// pass is needed, follow from it. Each policy is named once for options, rows, reports and docs.
/// </summary>
/// <remarks>
/// A policy is a state of the network; one that changes in mid-run is two of them, one after the other, each with a
/// <see cref="PolicyNetwork"/> and an optimizer of its own. The head trains under every policy. The running statistics of a BatchNorm layer
/// move where a parameter of that layer trains, and nowhere else, unless <see cref="FrozenStatisticsDrift"/> says so.
/// </remarks>
public sealed record FreezingPolicy
{
    private const string FromPrefix = "from-";
    private const string OnlyPrefix = "only-";
    private const string AdapterPrefix = "lora:";
    private const int MostAdapterRank = 1024;

    /// <summary>Everything trains.</summary>
    public static readonly FreezingPolicy FineTune = new("fine-tune", "everything trains", _ => true) { TrainsToTheHead = true };

    /// <summary>The linear probe: only the head trains.</summary>
    public static readonly FreezingPolicy Frozen = new("frozen",
        "only the head trains; the backbone's parameters and BatchNorm statistics stay bit-identical", place => place.InHead)
    {
        BackboneFrozen = true,
    };

    /// <summary>What the PyTorch transfer-learning tutorial does: frozen parameters, drifting BatchNorm statistics.</summary>
    public static readonly FreezingPolicy FrozenTrainBatchNorm = new("frozen-train-bn",
        "only the head trains, but the backbone is in train mode: its BatchNorm statistics drift", place => place.InHead)
    {
        BackboneFrozen = true,
        FrozenStatisticsDrift = true,
    };

    /// <summary>As <see cref="Frozen"/>, with the backbone run once for each image.</summary>
    public static readonly FreezingPolicy FrozenCached = new("frozen-cached",
        "as frozen, with the features computed once per image: an epoch is head steps only", place => place.InHead)
    {
        BackboneFrozen = true,
        CachesFeatures = true,
    };

    /// <summary>Only the stem (conv1, bn1) is frozen.</summary>
    public static readonly FreezingPolicy FromLayer1 = From("layer1");

    /// <summary>Stem and layer1 are frozen.</summary>
    public static readonly FreezingPolicy FromLayer2 = From("layer2");

    /// <summary>Stem to layer2 are frozen.</summary>
    public static readonly FreezingPolicy FromLayer3 = From("layer3");

    /// <summary>Stem to layer3 are frozen.</summary>
    public static readonly FreezingPolicy FromLayer4 = From("layer4");

    /// <summary>BitFit (Ben Zaken et al., "BitFit", 2022): every bias, those of normalisation layers too.</summary>
    public static readonly FreezingPolicy BiasOnly = new("bias-only", "every bias and the head train (BitFit), BatchNorm's and LayerNorm's too",
        place => place.InHead || place.Role is ParameterRole.Bias or ParameterRole.NormBias);

    /// <summary>Frankle et al., "Training BatchNorm and Only BatchNorm" (2021), with the head.</summary>
    public static readonly FreezingPolicy NormOnly = new("norm-only", "the normalisation layers' factors and shifts and the head train",
        place => place.InHead || place.Role is ParameterRole.NormWeight or ParameterRole.NormBias);

    /// <summary>The policies that a run measures where none is named: the question of this benchmark, and the freezing depths.</summary>
    public static IReadOnlyList<FreezingPolicy> Standard { get; } =
        [FineTune, Frozen, FrozenTrainBatchNorm, FrozenCached, FromLayer1, FromLayer2, FromLayer3, FromLayer4];

    /// <summary>All policies, in the order of tables (<see cref="Results.Reports.KnownPolicies"/>) and of "all".</summary>
    public static IReadOnlyList<FreezingPolicy> All { get; } =
    [
        FineTune, Frozen, FrozenTrainBatchNorm, FrozenCached, BiasOnly, NormOnly, LowRank(16), FromLayer1, FromLayer2, FromLayer3, FromLayer4,
        Only("layer1"), Only("layer2"), Only("layer3"), Only("layer4"),
    ];

    /// <summary>The names, for help texts, parsers and messages.</summary>
    public static string ValidNames { get; } =
        $"{string.Join(", ", Standard.Concat([BiasOnly, NormOnly]).Select(policy => policy.Name))}, {FromPrefix}STAGE, {OnlyPrefix}STAGE, {AdapterPrefix}RANK (1 to {MostAdapterRank})";

    private readonly Func<ParameterPlace, bool> trains;

    private FreezingPolicy(string name, string description, Func<ParameterPlace, bool> trains) => (Name, Description, this.trains) = (name, description, trains);

    /// <summary>The name in options and rows.</summary>
    public string Name { get; }

    /// <summary>One line for help texts and docs, without a full stop.</summary>
    public string Description { get; }

    /// <summary>
    /// True where frozen BatchNorm layers stay in train mode: they normalise by the batch and their running statistics move.
    /// </summary>
    public bool FrozenStatisticsDrift { get; private init; }

    /// <summary>True where an epoch trains the head on features that were computed once.</summary>
    public bool CachesFeatures { get; private init; }

    /// <summary>True where the whole backbone is frozen and only the head trains.</summary>
    public bool BackboneFrozen { get; private init; }

    /// <summary>True where everything from some stage before the head on trains.</summary>
    public bool TrainsToTheHead { get; private init; }

    /// <summary>The rank of low-rank adapters (Hu et al., "LoRA", 2022) beside the backbone's frozen weights; null: there are none.</summary>
    public int? AdapterRank { get; private init; }

    /// <summary>The stage that the policy is about; null: it suits every network.</summary>
    public string? Stage { get; private init; }

    /// <summary>Whether a parameter of the network trains; adapters' own always do.</summary>
    public bool Trains(ParameterPlace place) => trains(place);

    /// <summary>Whether the kernels and matrices of a stage train.</summary>
    /// <param name="stage">Index of the stage.</param>
    /// <param name="stages">Names of the network's stages.</param>
    public bool TrainsWeights(int stage, IReadOnlyList<string> stages) => trains(new("", ParameterRole.Weight, stage, stages));

    /// <summary>The first stage in which something trains: the backward pass ends there. The head's index where the backbone is frozen.</summary>
    /// <param name="stages">Names of the network's stages.</param>
    /// <exception cref="UserErrorException">The network has no such stage.</exception>
    public int FirstTrained(IReadOnlyList<string> stages)
    {
        if (Misfit(stages) is { } misfit)
            throw new UserErrorException(misfit);
        return BackboneFrozen ? stages.Count - 1 : Stage is null ? 0 : IndexOf(stages, Stage);
    }

    /// <summary>Whether a network with these stages can be under the policy.</summary>
    public bool Suits(IReadOnlyList<string> stages) => Stage is null || (IndexOf(stages, Stage) is >= 0 and var index && index < stages.Count - 1);

    /// <summary>Why a network with these stages cannot be under the policy; null: it can.</summary>
    /// <param name="stages">Names of the network's stages.</param>
    public string? Misfit(IReadOnlyList<string> stages) =>
        Suits(stages) ? null : $"Policy '{Name}' needs a stage '{Stage}' before the head, and this network's are {string.Join(", ", stages)}.";

    /// <summary>The stage and all after it train; those before it are frozen as in <see cref="Frozen"/>.</summary>
    /// <param name="stage">Name of a stage before the head.</param>
    public static FreezingPolicy From(string stage) =>
        new($"{FromPrefix}{stage}", $"{stage} and all after it train; what is before it is frozen as in frozen", place => place.Stage >= IndexOf(place.Stages, stage)) { Stage = stage, TrainsToTheHead = true };

    /// <summary>Surgical fine-tuning (Lee et al., "Surgical Fine-Tuning Improves Adaptation to Distribution Shifts", 2023): one stage and the head train.</summary>
    /// <param name="stage">Name of a stage before the head.</param>
    public static FreezingPolicy Only(string stage) =>
        new($"{OnlyPrefix}{stage}", $"{stage} and the head train", place => place.InHead || place.Stage == IndexOf(place.Stages, stage)) { Stage = stage };

    /// <summary>Low-rank adapters beside every convolution without groups and every linear layer of the backbone train, and the head.</summary>
    /// <param name="rank">1 to 1024.</param>
    public static FreezingPolicy LowRank(int rank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rank, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rank, MostAdapterRank);
        return new(string.Create(CultureInfo.InvariantCulture, $"{AdapterPrefix}{rank}"), "low-rank adapters of the backbone's layers and the head train", place => place.InHead) { AdapterRank = rank };
    }

    /// <summary>Finds a policy by its exact name.</summary>
    /// <exception cref="UserErrorException">The name is none of <see cref="ValidNames"/>.</exception>
    public static FreezingPolicy Parse(string name) => Find(name) ?? throw new UserErrorException(Unknown(name));

    /// <summary>Reads a comma-separated list in the user's order, or "all".</summary>
    /// <exception cref="UserErrorException">One line for each name that is unknown, empty or given twice.</exception>
    public static IReadOnlyList<FreezingPolicy> ParseList(string names) => NamedList.Parse(names, All, Find, Unknown, "Freezing policy");

    /// <summary>Two policies of one name are one policy.</summary>
    public bool Equals(FreezingPolicy? other) => other is not null && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The policy of a name; null: there is none.</summary>
    internal static FreezingPolicy? Find(string name)
    {
        if (All.FirstOrDefault(policy => policy.Name == name) is { } known)
            return known;
        if (name.StartsWith(AdapterPrefix, StringComparison.Ordinal))
            return int.TryParse(name.AsSpan(AdapterPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var rank) && rank is >= 1 and <= MostAdapterRank && name[AdapterPrefix.Length] != '0' ? LowRank(rank) : null;
        // A stage of a network that is not known yet; whether it has one is found out when they meet.
        return IsStage(name, FromPrefix) ? From(name[FromPrefix.Length..]) : IsStage(name, OnlyPrefix) ? Only(name[OnlyPrefix.Length..]) : null;
    }

    private static bool IsStage(string name, string prefix) => name.StartsWith(prefix, StringComparison.Ordinal) && name.Length is var length && length > prefix.Length && length <= 40
        && name.Skip(prefix.Length).All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '.');

    private static int IndexOf(IReadOnlyList<string> stages, string stage)
    {
        for (var index = 0; index < stages.Count; index++)
            if (stages[index] == stage)
                return index;
        return -1;
    }

    private static string Unknown(string name) =>
        $"Unknown freezing policy '{name}'. Valid values: {ValidNames}; for a list also all.";
}
