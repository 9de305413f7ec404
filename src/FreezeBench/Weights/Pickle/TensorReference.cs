using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Pickle;

/// <summary>A tensor as a pickle describes it: checked against the size that its storage claims.</summary>
internal sealed record TensorReference(StorageReference Storage, ElementType Type, TensorLayout Layout)
{
    /// <summary>The named entry, once the storage's bytes are known.</summary>
    /// <param name="name">State-dict name.</param>
    /// <param name="storage">All bytes of the storage; as many as it claims.</param>
    /// <param name="bigEndian">Their byte order.</param>
    public TensorEntry Entry(string name, ReadOnlyMemory<byte> storage, bool bigEndian = false) => new(
        name,
        Type,
        Layout,
        storage.Slice((int)(Storage.Start * Storage.ElementBytes), (int)(Storage.Length * Storage.ElementBytes)),
        bigEndian);
}
