using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Pickle;

/// <summary>What a REDUCE of a global of the closed list builds. Nothing is called: the arguments are read and checked.</summary>
internal static class PickleCalls
{
    /// <param name="global">What Python would call.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="spend">Counts copied items as operations: a short pickle can ask for the same copy many times.</param>
    public static object Build(PickleGlobal global, object?[] arguments, Action<int> spend) => global.Role switch
    {
        GlobalRole.OrderedDict => OrderedDict(arguments, spend),
        // (storage, offset, size, stride), then requires_grad, hooks and metadata, which say nothing about the values.
        GlobalRole.RebuildTensor when arguments is
            [StorageReference { Type: { } type } storage, long offset, object?[] size, object?[] stride, ..]
            && arguments.Length <= 7 => Tensor(storage, type, offset, size, stride),
        // The same with the type as the seventh argument, and bytes as the unit of the storage.
        GlobalRole.RebuildTensorUntyped when arguments is
            [StorageReference { Type: null } storage, long offset, object?[] size, object?[] stride, _, _,
                PickleGlobal { Role: GlobalRole.DataType, Type: { } type }, ..]
            && arguments.Length <= 8 => Tensor(storage, type, offset, size, stride),
        // (data, requires_grad, hooks) and perhaps a state of attributes.
        GlobalRole.RebuildParameter when arguments is [TensorReference tensor, ..] && arguments.Length <= 4 => tensor,
        _ => throw new WeightsFaultException($"{Shown.Name(global.Name)} is called with arguments that torch does not give it."),
    };

    private static TensorReference Tensor(StorageReference storage, ElementType type, long offset, object?[] size, object?[] stride)
    {
        var count = storage.Length * storage.ElementBytes / type.Bytes;
        return new TensorReference(storage, type, new TensorLayout(offset, Numbers(size), Numbers(stride)).Checked(count));
    }

    private static PickleDict OrderedDict(object?[] arguments, Action<int> spend)
    {
        var dict = new PickleDict();
        if (arguments is []) return dict;
        // Python 2 gives the items as a list of lists; Python 3 sets them one by one later.
        if (arguments is not [PickleList pairs])
            throw new WeightsFaultException("an OrderedDict is made from something else than a list of pairs.");
        spend(pairs.Items.Count);
        foreach (var pair in pairs.Items)
            dict.Items.Add(pair switch
            {
                PickleList { Items: [var key, var value] } => new(key, value),
                object?[] and [var key, var value] => new(key, value),
                _ => throw new WeightsFaultException("an OrderedDict is made from something else than a list of pairs."),
            });
        return dict;
    }

    private static long[] Numbers(object?[] values) => Array.ConvertAll(values, value => value is long number
        ? number
        : throw new WeightsFaultException("a tensor's size or stride is not a number of 64 bits."));
}
