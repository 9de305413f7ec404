using System.Text.RegularExpressions;
using FreezeBench.Results;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Loading;

/// <summary>Which entry of a file is which of a network's.</summary>
/// <param name="Entries">By the network's names; some may be missing, and others be of no use.</param>
/// <param name="Beside">Names in the file of entries that are beside the network, such as averages of it or what else was trained.</param>
/// <param name="Prefix">What the names in the file have before the network's; empty: nothing, or not the same for all.</param>
/// <param name="Says">How the names were understood, for the user; null: as they are.</param>
internal sealed partial record NameFit(IReadOnlyDictionary<string, TensorEntry> Entries, IReadOnlyList<string> Beside, string Prefix, string? Says)
{
    /// <summary>Finds the names that fit: as they are, behind one prefix that is any, or behind several that wrappers are known to give.</summary>
    /// <param name="needed">The network's names that a file must have, in its order.</param>
    /// <param name="headPrefix">Of the head's names, with the dot; these may have another prefix than the backbone's, or be missing.</param>
    /// <param name="file">The entries.</param>
    /// <exception cref="UserErrorException">The network is in the file more than once.</exception>
    public static NameFit Find(IReadOnlyList<string> needed, string headPrefix, StateDictFile file)
    {
        var named = file.Entries.Where(entry => entry.Name != InputStatistics.MeanImageName).Select(entry => (entry.Name, Entry: entry)).ToList();
        var inOtherWords = named.ConvertAll(item => (Name: HuggingFaceResNet.Translate(item.Name), item.Entry));
        var translated = named.Exists(item => HuggingFaceResNet.IsStem(item.Name)) && Distinct(inOtherWords.Select(item => item.Name));
        if (translated)
            named = inOtherWords;
        var naming = translated ? "Hugging Face's names of a ResNet" : null;
        var names = named.Select(item => item.Name).ToHashSet();
        bool Fits(string prefix) => needed.All(name => names.Contains(prefix + name));

        if (needed is [] || Fits(""))
            return Of(named, "", headPrefix, naming);
        var prefixes = PrefixesOf(needed[0], names);
        var fitting = prefixes.Where(Fits).ToList();
        if (fitting is [_, _, ..])
            throw new UserErrorException($"The weights file '{file.Path}' holds the network {fitting.Count} times, under {Shown.List([.. fitting.Select(Shown.Name)])}: ‹the weights' key› '{fitting[0].TrimEnd('.')}' takes the first.");
        if (fitting is [var only])
            return Of(named, only, headPrefix, Joined(naming, $"names without {Shown.Name(only)}"));
        // One by one: wrappers in unlike order, or around a part of the network alone.
        var unwrapped = named.ConvertAll(item => (Name: Wrappers().Replace(item.Name, ""), item.Entry));
        if (Distinct(unwrapped.Select(item => item.Name)) && needed.All(unwrapped.Select(item => item.Name).ToHashSet().Contains))
            return Of(unwrapped, "", headPrefix, Joined(naming, "names without what wrappers put before them, not the same before all"));
        // None fits. What is told is what lacks under the prefix that fits best.
        var best = prefixes.Prepend("").MaxBy(prefix => needed.Count(name => names.Contains(prefix + name)))!;
        return Of(named, best, headPrefix, naming);
    }

    private static NameFit Of(IEnumerable<(string Name, TensorEntry Entry)> named, string prefix, string headPrefix, string? says)
    {
        Dictionary<string, TensorEntry> entries = [];
        List<(string Name, TensorEntry Entry)> beside = [];
        foreach (var item in named)
        {
            if (item.Name.StartsWith(prefix, StringComparison.Ordinal)) entries[item.Name[prefix.Length..]] = item.Entry;
            else beside.Add(item);
        }
        // A head beside the backbone: {backbone.conv1.weight, ..., fc.weight}, or one level up.
        for (var above = Above(prefix); prefix != "" && !entries.Keys.Any(name => name.StartsWith(headPrefix, StringComparison.Ordinal)); above = Above(above))
        {
            foreach (var item in beside.Where(item => item.Name.StartsWith(above + headPrefix, StringComparison.Ordinal)).ToList())
            {
                entries[item.Name[above.Length..]] = item.Entry;
                beside.Remove(item);
            }
            if (above == "")
                break;
        }
        return new NameFit(entries, [.. beside.Select(item => item.Entry.Name)], prefix, says);
    }

    private static string Above(string prefix) => prefix.Length == 0 ? "" : prefix[..(prefix[..^1].LastIndexOf('.') + 1)];

    private static List<string> PrefixesOf(string name, IEnumerable<string> names) =>
        [.. names.Where(other => other.EndsWith("." + name, StringComparison.Ordinal)).Select(other => other[..^name.Length]).Distinct().Order(StringComparer.Ordinal)];

    private static bool Distinct(IEnumerable<string> names)
    {
        HashSet<string> seen = [];
        return names.All(seen.Add);
    }

    private static string Joined(string? first, string second) => first is null ? second : $"{first}, {second}";

    // nn.DataParallel, torch.compile, Lightning and the usual names of a network in a module of one's own.
    [GeneratedRegex(@"^(?:(?:module|_orig_mod|model|backbone|net|network|encoder|base_model)\.)+")]
    private static partial Regex Wrappers();
}
