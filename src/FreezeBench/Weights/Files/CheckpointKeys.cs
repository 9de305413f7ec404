using FreezeBench.Weights.Pickle;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Files;

/// <summary>Where in a checkpoint the state dict is: training scripts put the optimizer's state and averaged weights beside it.</summary>
internal static class CheckpointKeys
{
    private const int Deepest = 3;
    private const int MostShown = 10;

    // In the order of preference: torchvision's references, Lightning, timm; averages come after what was trained, and both can be asked for.
    private static readonly string[] known = ["state_dict", "model", "state_dict_ema", "model_ema", "ema", "module"];

    /// <param name="outer">The whole checkpoint, or a state dict.</param>
    /// <param name="asked">The user's choice; null: by preference. One that is no key may be the beginning of the tensors' names.</param>
    /// <returns>The state dict, where it was (null: the checkpoint is it), and where others are.</returns>
    /// <exception cref="WeightsFaultException">There is none where it was asked for, or it is not clear which of several is meant.</exception>
    public static (PickleDict StateDict, string? Key, IReadOnlyList<string> Others) Choose(PickleDict outer, string? asked)
    {
        Dictionary<PickleDict, PickleDict?> seen = [];
        foreach (var name in known)
            ThrowIfTwice(outer, name);
        var found = outer.Items.Select(item => (Key: item.Key as string, StateDict: item.Value is PickleDict inner ? Innermost(inner, seen, 1) : null))
            .Where(item => item.Key is not null && item.StateDict is not null).Select(item => (Key: item.Key!, StateDict: item.StateDict!)).ToList();
        if (asked is not null)
        {
            if (found.Find(item => item.Key == asked) is { StateDict: { } wanted })
                return (wanted, asked, Others(asked));
            var isKey = outer.Items.Exists(item => item.Key as string == asked);
            if (HasTensors(outer) && !isKey)
                return (outer, null, Others(null));
            // Of two networks in one state dict, as contrastive methods save them: the names in it tell them apart.
            return !isKey && Preferred() is ({ } inner, { } key) && HasNames(inner, asked)
                ? (inner, key, Others(key))
                : throw new WeightsFaultException($"it has no state dict under {Shown.Name(asked)}{Entry(outer, asked)}. {(found is [] ? "There is none under any key" : $"There is one under {Keys(found)}")}.");
        }
        if (Preferred() is ({ } preferred, { } taken))
            return (preferred, taken, Others(taken));
        // A best accuracy may be a tensor too, and a state dict may hold a dict: what has more tensors is meant.
        if (found is [] || TensorsIn(outer) >= found.Select(item => item.StateDict).Distinct().Select(TensorsIn).Max())
            return (outer, null, Others(null));
        return found is [var only] ? (only.StateDict, only.Key, [])
            : throw new WeightsFaultException($"it holds several state dicts, under {Keys(found)}: ‹the weights' key› chooses one.");

        (PickleDict? StateDict, string? Key) Preferred()
        {
            var first = known.Select(name => found.Find(item => item.Key == name)).FirstOrDefault(item => item.StateDict is not null);
            return first.StateDict is null && found is [var only] && !HasTensors(outer) ? (only.StateDict, only.Key) : (first.StateDict, first.Key);
        }

        List<string> Others(string? taken) => [.. found.Select(item => item.Key).Where(key => key != taken).Take(MostShown)];
    }

    // A wrapper may hold a wrapper: {"ema": {"module": {...}}}. Each is looked at once, however often the pickle refers to it.
    private static PickleDict? Innermost(PickleDict dict, Dictionary<PickleDict, PickleDict?> seen, int depth)
    {
        if (seen.TryGetValue(dict, out var before))
            return before;
        seen[dict] = null;
        return seen[dict] = HasTensors(dict) ? dict
            : depth == Deepest ? null
            : known.Select(name => dict.Items.Find(item => item.Key as string == name).Value as PickleDict).OfType<PickleDict>()
                .Select(inner => Innermost(inner, seen, depth + 1)).FirstOrDefault(inner => inner is not null);
    }

    private static bool HasTensors(PickleDict dict) => dict.Items.Exists(IsTensor);

    private static bool HasNames(PickleDict dict, string beginning) =>
        dict.Items.Exists(item => item.Key is string name && IsTensor(item) && (name.StartsWith(beginning + ".", StringComparison.Ordinal) || name.StartsWith($"{StateDictFile.Prefix}{beginning}.", StringComparison.Ordinal)));

    private static int TensorsIn(PickleDict dict) => dict.Items.Count(IsTensor);

    private static bool IsTensor(KeyValuePair<object?, object?> item) => item is { Key: string, Value: TensorReference };

    private static void ThrowIfTwice(PickleDict dict, string name)
    {
        if (dict.Items.Count(item => item.Key as string == name) > 1)
            throw new WeightsFaultException($"the key {Shown.Name(name)} occurs twice.");
    }

    private static string Entry(PickleDict outer, string asked) =>
        outer.Items.Find(item => item.Key as string == asked) is { Key: string, Value: var value } ? $": that is {NamedTensors.Describe(value)}" : "";

    private static string Keys(IReadOnlyCollection<(string Key, PickleDict StateDict)> found) => Shown.List([.. found.Select(item => Shown.Name(item.Key))]);
}
