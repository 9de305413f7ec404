using System.Collections.Frozen;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Pickle;

/// <summary>What a global of the closed list stands for.</summary>
internal enum GlobalRole
{
    OrderedDict,
    RebuildTensor,
    RebuildTensorUntyped,
    RebuildParameter,
    Storage,
    UntypedStorage,
    DataType,
}

/// <summary>
/// A global that a pickle may name. None of them is looked up anywhere or run: each is a word for something that this program
/// builds by itself. Everything else that a pickle names stays a name (<see cref="OpaqueValue"/>), since in Python naming it can be enough to run it.
/// </summary>
/// <param name="Name">Module and name, for example <c>torch._utils._rebuild_tensor_v2</c>.</param>
/// <param name="Role">What it stands for.</param>
/// <param name="Type">Element type of a storage or data type.</param>
internal sealed record PickleGlobal(string Name, GlobalRole Role, ElementType? Type = null)
{
    private static readonly FrozenDictionary<string, PickleGlobal> closedList = Build().ToFrozenDictionary(global => global.Name);

    /// <summary>A global of the list; an <see cref="OpaqueValue"/> for any other.</summary>
    public static object Find(string module, string name)
    {
        var full = $"{module}.{name}";
        return closedList.GetValueOrDefault(full) as object ?? new OpaqueValue(full);
    }

    private static IEnumerable<PickleGlobal> Build()
    {
        yield return new("collections.OrderedDict", GlobalRole.OrderedDict);
        yield return new("torch._utils._rebuild_tensor", GlobalRole.RebuildTensor);      // PyTorch before 0.4
        yield return new("torch._utils._rebuild_tensor_v2", GlobalRole.RebuildTensor);
        yield return new("torch._utils._rebuild_tensor_v3", GlobalRole.RebuildTensorUntyped);
        yield return new("torch._utils._rebuild_parameter", GlobalRole.RebuildParameter);
        yield return new("torch._utils._rebuild_parameter_with_state", GlobalRole.RebuildParameter);
        yield return new("torch.nn.parameter.Parameter", GlobalRole.RebuildParameter);   // PyTorch before 0.4
        yield return new("torch.storage.UntypedStorage", GlobalRole.UntypedStorage);
        yield return new("torch.UntypedStorage", GlobalRole.UntypedStorage);
        foreach (var type in ElementType.Known)
        {
            yield return new($"torch.{type.Name}", GlobalRole.DataType, type);
            if (type.Storage is null) continue;
            yield return new($"torch.{type.Storage}", GlobalRole.Storage, type);
            // Old versions named the class of the device; the bytes are the same.
            yield return new($"torch.cuda.{type.Storage}", GlobalRole.Storage, type);
        }
    }
}
