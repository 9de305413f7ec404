using System.Runtime.InteropServices;
using static System.Buffers.Binary.BinaryPrimitives;
using static TorchSharp.torch;

namespace FreezeBench.Weights.Tensors;

/// <summary>
/// One named tensor of a weights file: checked, but not copied out of the file's bytes until it is asked for, so a file with
/// many entries on one storage costs no more than its size.
/// </summary>
public sealed record TensorEntry
{
    private readonly TensorLayout layout;
    private readonly ReadOnlyMemory<byte> storage;
    private readonly bool bigEndian;

    /// <param name="name">State-dict name.</param>
    /// <param name="type">The type in the file; one that is read.</param>
    /// <param name="layout">Checked against the storage.</param>
    /// <param name="storage">Bytes in the file's order, perhaps shared with other entries.</param>
    /// <param name="bigEndian">Written by a big-endian machine.</param>
    internal TensorEntry(string name, ElementType type, TensorLayout layout, ReadOnlyMemory<byte> storage, bool bigEndian = false)
    {
        (Name, Type) = (name, type);
        (this.layout, this.storage, this.bigEndian) = (layout, storage, bigEndian);
    }

    /// <summary>The state-dict name, without <c>module.</c>.</summary>
    public string Name { get; internal init; }

    /// <summary>The type in the file.</summary>
    public ElementType Type { get; }

    /// <summary>Size of each dimension; empty: a single number.</summary>
    public IReadOnlyList<long> Shape => layout.Shape;

    /// <summary>Number of elements.</summary>
    public long Count => layout.Count;

    /// <summary>The elements in C order, little-endian: a new array.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Count * Type.Bytes];
        CopyTo(bytes);
        return bytes;
    }

    /// <summary>A new tensor on the CPU of the file's type, contiguous, without gradient; the caller disposes it.</summary>
    public Tensor ToTensor()
    {
        var tensor = empty([.. Shape], Type.ScalarType, CPU);
        if (Count > 0) CopyTo(tensor.bytes);
        return tensor;
    }

    private void CopyTo(Span<byte> target)
    {
        if (Count == 0) return;
        var source = storage.Span[checked((int)(layout.Offset * Type.Bytes))..];
        if (layout.IsDense) source[..target.Length].CopyTo(target);
        else CopyStrided(source, target);
        if (!bigEndian) return;
        switch (Type.Bytes)
        {
            case 2: ReverseEach(MemoryMarshal.Cast<byte, ushort>(target)); break;
            case 4: ReverseEach(MemoryMarshal.Cast<byte, uint>(target)); break;
            case 8: ReverseEach(MemoryMarshal.Cast<byte, ulong>(target)); break;
        }
    }

    private void CopyStrided(ReadOnlySpan<byte> source, Span<byte> target)
    {
        var (shape, strides, size) = (layout.Shape.ToArray(), layout.Strides.ToArray(), Type.Bytes);
        var index = new long[shape.Length];
        var place = 0L;
        for (var written = 0; ; written += size)
        {
            source.Slice((int)(place * size), size).CopyTo(target[written..]);
            var dimension = shape.Length - 1;
            // As on an odometer: the last dimension turns fastest, and one that is full goes back to 0 and moves the next.
            for (; dimension >= 0; dimension--)
            {
                place += strides[dimension];
                if (++index[dimension] < shape[dimension]) break;
                place -= strides[dimension] * shape[dimension];
                index[dimension] = 0;
            }
            if (dimension < 0) return;
        }
    }

    private static void ReverseEach(Span<ushort> values) => ReverseEndianness(values, values);

    private static void ReverseEach(Span<uint> values) => ReverseEndianness(values, values);

    private static void ReverseEach(Span<ulong> values) => ReverseEndianness(values, values);
}
