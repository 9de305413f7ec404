using FreezeBench.Results;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Tensors;
using static TorchSharp.torch;

namespace FreezeBench.Weights.Loading;

/// <summary>Copies a weights file into a network.</summary>
public static class StateDictLoader
{
    // Files from before PyTorch 0.4.1 have no such counter; with a fixed momentum BatchNorm never reads it.
    private const string OptionalSuffix = ".num_batches_tracked";

    /// <summary>
    /// Overwrites the parameters and buffers of a network: all of them, or none where something does not fit. Devices, types,
    /// memory formats and <c>requires_grad</c> stay as they are; the file's floating-point values are converted.
    /// </summary>
    /// <param name="network">On any device.</param>
    /// <param name="file">
    /// Its entries have the network's state-dict names, alone or behind prefixes, or Hugging Face's names of the same ResNet. What it holds beside the
    /// network is left out; what it holds inside a part of the network and the network does not have means that the network is another one.
    /// </param>
    /// <param name="headPrefix">
    /// The head's name, for example <c>fc</c>. Where the file's head has another number of classes (size of the first
    /// dimension, the same in all the head's entries), or none, the network's head is left as it is.
    /// </param>
    /// <exception cref="UserErrorException">
    /// Missing, unexpected and differing entries, all in one message; or entries whose values no sound network has: not finite, or a negative variance.
    /// </exception>
    public static LoadedWeights Load(nn.Module network, StateDictFile file, string headPrefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(headPrefix);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var targets = network.state_dict();
        var head = headPrefix + ".";
        var needed = targets.Keys.Where(name => !IsOptional(name) && !name.StartsWith(head, StringComparison.Ordinal)).ToList();
        var fit = NameFit.Find(needed, head, file);
        var entries = fit.Entries.ToDictionary();
        long? headClasses = entries.GetValueOrDefault(head + "weight") is { Shape: [var classes, ..] } ? classes : null;
        List<string> surplus = [.. fit.Beside];
        var headIsFresh = HasNoHead(targets, entries, head) || HasOtherClasses(targets, entries, head);
        if (headIsFresh)
        {
            foreach (var name in targets.Keys.Where(name => name.StartsWith(head, StringComparison.Ordinal)).ToList())
                targets.Remove(name);
            foreach (var (name, entry) in entries.Where(item => item.Key.StartsWith(head, StringComparison.Ordinal)).ToList())
            {
                entries.Remove(name);
                if (headClasses is null)
                    surplus.Add(entry.Name);
            }
        }
        // Beside the network's parts; in one of them it is a layer that the network does not have.
        var parts = needed.Select(Part).ToHashSet();
        foreach (var (name, entry) in entries.Where(item => !targets.ContainsKey(item.Key) && !parts.Contains(Part(item.Key))).ToList())
        {
            entries.Remove(name);
            surplus.Add(entry.Name);
        }
        Check(targets, entries, file, () => KnownNetworks.Hint([.. fit.Entries.Keys, .. fit.Beside]));
        // In the order of the file, and one at a time: at no time is there a second copy of all weights.
        Dictionary<TensorEntry, string> places = new(ReferenceEqualityComparer.Instance);
        foreach (var (name, entry) in entries.Where(item => targets.ContainsKey(item.Key)))
            places[entry] = name;
        var loaded = file.Entries.Where(places.ContainsKey).Select(entry => (Name: places[entry], Entry: entry)).ToList();
        CheckValues(targets, loaded, file.Path);
        foreach (var (name, entry) in loaded)
        {
            using var source = entry.ToTensor();
            targets[name].copy_(source);
        }
        return new LoadedWeights(loaded.Count, headIsFresh, file.Sha256, Conversions(loaded, targets))
        {
            HeadClasses = headClasses,
            Names = fit.Says,
            Surplus = [.. surplus, .. file.Unread.Select(entry => entry.Name)],
        };
    }

    private static bool IsOptional(string name) => name.EndsWith(OptionalSuffix, StringComparison.Ordinal);

    private static string Part(string name) => name.Split('.')[0];

    // A head of another make, such as two layers in place of one, is none for this network.
    private static bool HasNoHead(Dictionary<string, Tensor> targets, Dictionary<string, TensorEntry> entries, string prefix) =>
        !targets.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal) && entries.ContainsKey(name));

    private static bool HasOtherClasses(Dictionary<string, Tensor> targets, Dictionary<string, TensorEntry> entries, string prefix)
    {
        var names = targets.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        if (names is [] || !names.All(name => entries.TryGetValue(name, out var entry) && entry.Shape.Count > 0
            && entry.Shape.Skip(1).SequenceEqual(targets[name].shape.Skip(1))))
            return false;
        var classes = names.Select(name => entries[name].Shape[0]).Distinct().ToList();
        return classes is [var only] && only > 0 && names.All(name => targets[name].shape[0] != only);
    }

    private static void Check(Dictionary<string, Tensor> targets, Dictionary<string, TensorEntry> entries, StateDictFile file, Func<string?> hint)
    {
        var mismatch = new WeightsMismatch();
        foreach (var (name, target) in targets)
        {
            if (!entries.TryGetValue(name, out var entry))
            {
                if (!IsOptional(name)) mismatch.Missing(name);
            }
            else if (!entry.Shape.SequenceEqual(target.shape))
            {
                mismatch.Differs(name, Shown.Shape(entry.Shape), Shown.Shape(target.shape));
            }
            else if (entry.Type.IsFloat != target.is_floating_point())
            {
                mismatch.Differs(name, entry.Type.Name, TypeName(target));
            }
        }
        foreach (var name in entries.Keys.Where(name => !targets.ContainsKey(name)))
            mismatch.Unexpected(name);
        mismatch.ThrowIfAny(file, hint);
    }

    private static void CheckValues(Dictionary<string, Tensor> targets, List<(string Name, TensorEntry Entry)> entries, string path)
    {
        List<string> faults = [];
        foreach (var (name, entry) in entries)
        {
            using var scope = NewDisposeScope();
            if (WeightValues.FaultOf(name, entry.ToTensor().to(targets[name].dtype)) is { } fault)
                faults.Add(fault);
        }
        if (faults is not [])
            throw new UserErrorException($"The weights file '{path}' holds what no sound network has: {Shown.List(faults)}. "
                + "A network with it computes no usable numbers. Take a checkpoint from before its training diverged.");
    }

    private static List<TypeConversion> Conversions(IEnumerable<(string Name, TensorEntry Entry)> loaded, Dictionary<string, Tensor> targets) =>
        [.. loaded.Where(item => item.Entry.Type.ScalarType != targets[item.Name].dtype)
            .GroupBy(item => (From: item.Entry.Type.Name, To: TypeName(targets[item.Name])))
            .Select(group => new TypeConversion(group.Key.From, group.Key.To, group.Count()))];

    private static string TypeName(Tensor target) =>
        ElementType.All.FirstOrDefault(type => type.ScalarType == target.dtype)?.Name ?? target.dtype.ToString();
}
