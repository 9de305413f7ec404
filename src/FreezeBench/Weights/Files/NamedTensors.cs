using FreezeBench.Weights.Pickle;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Files;

/// <summary>Finds the state dict in a pickle's value and takes its tensors in the order of the file.</summary>
internal static class NamedTensors
{
    // Where training scripts put the state dict beside the optimizer's: torchvision's references, timm, Lightning.
    private static readonly string[] nestedUnder = ["state_dict", "model"];

    /// <exception cref="WeightsFaultException">There is no state dict, or an entry of it is no tensor of a type that is read.</exception>
    public static IReadOnlyList<KeyValuePair<string, TensorReference>> Find(object? root)
    {
        if (root is not PickleDict outer)
            throw new WeightsFaultException($"it holds {Describe(root)}, not a state dict. Save model.state_dict() with "
                + "torch.save.");
        var stateDict = nestedUnder.Select(name => Value(outer, name)).OfType<PickleDict>().FirstOrDefault() ?? outer;
        List<KeyValuePair<string, TensorReference>> tensors = [];
        foreach (var (key, value) in stateDict.Items)
        {
            if (key is not string name)
                throw new WeightsFaultException($"a key of the state dict is {Describe(key)}, not a name.");
            if (value is not TensorReference tensor)
                throw new WeightsFaultException($"entry {Shown.Name(name)} is {Describe(value)}, not a tensor.");
            if (!tensor.Type.IsRead)
                throw new WeightsFaultException($"entry {Shown.Name(name)} is {tensor.Type}; these types are read: "
                    + $"{ElementType.ValidNames}.");
            tensors.Add(new(name, tensor));
        }
        return tensors;
    }

    private static object? Value(PickleDict dict, string name)
    {
        var found = dict.Items.Where(item => item.Key is string key && key == name).ToList();
        return found.Count < 2
            ? found.FirstOrDefault().Value
            : throw new WeightsFaultException($"the key {Shown.Name(name)} occurs twice.");
    }

    private static string Describe(object? value) => value switch
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
        _ => "a number",
    };
}
