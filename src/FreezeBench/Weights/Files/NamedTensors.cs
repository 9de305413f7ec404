using FreezeBench.Weights.Pickle;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Files;

/// <summary>The tensors of a state dict in a pickle, in the order of the file.</summary>
/// <param name="Tensors">Those of a type that is read.</param>
/// <param name="Unread">Everything else in it.</param>
/// <param name="Key">Where in a checkpoint it was; null: the pickle is one.</param>
/// <param name="OtherKeys">Where there are others.</param>
internal sealed record NamedTensors(
    IReadOnlyList<KeyValuePair<string, TensorReference>> Tensors, IReadOnlyList<UnreadEntry> Unread, string? Key, IReadOnlyList<string> OtherKeys)
{
    /// <summary>Finds the state dict in a pickle's value.</summary>
    /// <param name="root">The value.</param>
    /// <param name="asked">The key of a checkpoint to take it from; null: by <see cref="CheckpointKeys"/>.</param>
    /// <exception cref="WeightsFaultException">There is no state dict, or none of its entries is a tensor of a type that is read.</exception>
    public static NamedTensors Find(object? root, string? asked)
    {
        if (root is not PickleDict outer)
            throw new WeightsFaultException($"it holds {Describe(root)}, not a state dict. Save model.state_dict() with torch.save.");
        var (stateDict, key, others) = CheckpointKeys.Choose(outer, asked);
        List<KeyValuePair<string, TensorReference>> tensors = [];
        List<UnreadEntry> unread = [];
        foreach (var (item, value) in stateDict.Items)
        {
            if (item is string name && value is TensorReference { Type.IsRead: true } tensor) tensors.Add(new(name, tensor));
            else unread.Add(new(item as string ?? Describe(item), ReasonOf(item, value)));
        }
        return tensors.Count == 0 && unread is [var first, ..]
            ? throw new WeightsFaultException(first.Reason + ".")
            : new NamedTensors(tensors, unread, key, others);
    }

    /// <summary>The content of a file with the tensors' bytes.</summary>
    /// <param name="entry">From a name and a tensor to the entry.</param>
    public FileContent With(Func<string, TensorReference, TensorEntry> entry) =>
        new([.. Tensors.Select(tensor => entry(tensor.Key, tensor.Value))], Unread) { Key = Key, OtherKeys = OtherKeys };

    /// <summary>What a value is, for a message.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "None",
        bool => "a bool",
        string => "a string",
        PickleDict => "a dict",
        PickleList => "a list",
        object?[] => "a tuple",
        TensorReference => "a tensor",
        StorageReference => "a storage",
        PickleGlobal global => Shown.Name(global.Name),
        OpaqueValue opaque => Shown.Name(opaque.Name),
        _ => "a number",
    };

    private static string ReasonOf(object? key, object? value) => (key, value) switch
    {
        (not string, _) => $"a key of the state dict is {Describe(key)}, not a name",
        (_, OpaqueValue opaque) => $"{Shown.Name(opaque.Name)} is not part of a state dict; the file may be hostile and was not executed. Save model.state_dict() alone, with torch.save",
        (string name, TensorReference tensor) => $"entry {Shown.Name(name)} is {tensor.Type}; these types are read: {ElementType.ValidNames}",
        (string name, _) => $"entry {Shown.Name(name)} is {Describe(value)}, not a tensor",
    };
}
