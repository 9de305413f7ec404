namespace FreezeBench.Weights.Pickle;

// The values that a pickle can hold here: null, bool, long, BigInteger (beyond 64 bits), double, string, object?[] (a tuple),
// the two containers below, PickleGlobal, OpaqueValue, StorageReference and TensorReference. Containers are classes: a pickle can put one
// into itself, and a record's Equals or ToString would then never end.

internal sealed class PickleList
{
    public List<object?> Items { get; } = [];
}

/// <summary>A dict or OrderedDict: pairs in the order of the file, keys not yet checked for being different.</summary>
internal sealed class PickleDict
{
    public List<KeyValuePair<object?, object?>> Items { get; } = [];
}
