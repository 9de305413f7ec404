using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Pickle;

/// <summary>A storage as a pickle names it; its bytes lie elsewhere in the file, and nothing says yet that they exist.</summary>
/// <param name="Key">The record <c>data/KEY</c>, or the key in the legacy list.</param>
/// <param name="Type">Element type; null: an untyped storage, counted in bytes.</param>
/// <param name="Count">Elements of the whole storage under that key.</param>
/// <param name="Start">First element of the part that is meant; above 0 only in legacy views.</param>
/// <param name="Length">Elements of that part.</param>
internal sealed record StorageReference(string Key, ElementType? Type, long Count, long Start, long Length)
{
    // Its bytes must fit an array, as the file does; so no product below can overflow.
    private const long MostCount = int.MaxValue;

    public int ElementBytes => Type?.Bytes ?? 1;

    /// <summary>Bytes of the whole storage.</summary>
    public long Bytes => Count * ElementBytes;

    /// <summary>Reads the tuple that stands for a storage (torch/serialization.py, <c>persistent_id</c>).</summary>
    public static StorageReference FromPersistentId(object? id)
    {
        if (id is object?[] and ["storage", OpaqueValue unknown, ..])
            throw new WeightsFaultException($"it has a storage of type {Shown.Name(unknown.Name)}, which is not read.");
        // (storage, type, key, location, count) and in the legacy format a sixth: None, or (key, start, length) of a view.
        if (id is not object?[] { Length: 5 or 6 } parts || parts is not ["storage", PickleGlobal type, string key, string, long count, ..]
            || type.Role is not (GlobalRole.Storage or GlobalRole.UntypedStorage))
            throw new WeightsFaultException("a persistent id is not a storage as torch writes it.");
        var (start, length) = parts.Length < 6 || parts[5] is null ? (0, count)
            : parts[5] is object?[] and [string, long viewStart, long viewLength] ? (viewStart, viewLength)
            : throw new WeightsFaultException($"storage {Shown.Name(key)} is a view that is not written as torch does.");
        if (count is < 0 or > MostCount)
            throw new WeightsFaultException($"storage {Shown.Name(key)} claims {count} elements.");
        if (start < 0 || length < 0 || length > count || start > count - length)
            throw new WeightsFaultException($"storage {Shown.Name(key)} is a view of {length} elements from {start} on, "
                + $"outside its {count} elements.");
        return new StorageReference(key, type.Type, count, start, length);
    }
}
