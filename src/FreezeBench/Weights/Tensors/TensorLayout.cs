namespace FreezeBench.Weights.Tensors;

/// <summary>Where the elements of a tensor lie in its storage; counts and distances are in elements.</summary>
/// <param name="Offset">Place of the first element.</param>
/// <param name="Shape">Size of each dimension; empty: a single number.</param>
/// <param name="Strides">Distance between neighbours along each dimension; as many as dimensions.</param>
internal sealed record TensorLayout(long Offset, IReadOnlyList<long> Shape, IReadOnlyList<long> Strides)
{
    /// <summary>torch's own limit (c10/core/impl, kMaxDims of TensorIterator); it also bounds what a hostile shape can cost.</summary>
    public const int MostDimensions = 64;

    // Far above what memory holds, far below where a product of two overflows.
    private const long MostElements = 1L << 48;

    /// <summary>Number of elements.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Whether the elements lie in C order without gaps: then the bytes need no rearranging.</summary>
    public bool IsDense
    {
        get
        {
            var expected = 1L;
            for (var dimension = Shape.Count - 1; dimension >= 0; dimension--)
            {
                if (Shape[dimension] != 1 && Strides[dimension] != expected) return false;
                expected *= Shape[dimension];
            }
            return true;
        }
    }

    /// <summary>The layout of a tensor in C order that has its storage for itself.</summary>
    public static TensorLayout Dense(IReadOnlyList<long> shape)
    {
        CheckShape(shape);
        var strides = new long[shape.Count];
        var stride = 1L;
        for (var dimension = shape.Count - 1; dimension >= 0; dimension--)
        {
            strides[dimension] = stride;
            stride *= Math.Max(shape[dimension], 1);
        }
        return new TensorLayout(0, shape, strides);
    }

    /// <summary>Refuses what does not lie inside the storage, before anything is allocated for it.</summary>
    /// <param name="storageCount">Elements in the storage.</param>
    /// <returns>This layout.</returns>
    /// <exception cref="WeightsFaultException">A negative number, an overflow, a place outside, or overlapping elements.</exception>
    public TensorLayout Checked(long storageCount)
    {
        CheckShape(Shape);
        if (Strides.Count != Shape.Count)
            throw new WeightsFaultException($"a tensor of shape {Shown.Shape(Shape)} has {Strides.Count} strides.");
        if (Offset < 0 || Strides.Any(stride => stride < 0))
            throw new WeightsFaultException($"a tensor has the negative offset or stride {Strides.Append(Offset).Min()}.");
        if (Count == 0) return this;
        // Int128: offset and strides are any 63-bit numbers here, and sizes are below 2^48.
        var last = (Int128)Offset;
        for (var dimension = 0; dimension < Shape.Count; dimension++)
            last += (Int128)(Shape[dimension] - 1) * Strides[dimension];
        if (last >= storageCount)
            throw new WeightsFaultException($"a tensor of shape {Shown.Shape(Shape)}, strides {Shown.Shape(Strides)} "
                + $"and offset {Offset} ends outside its storage of {storageCount} elements.");
        // Stride 0 can make any number of elements out of one: a small file that fills the memory.
        if (Count > storageCount)
            throw new WeightsFaultException($"a tensor of shape {Shown.Shape(Shape)} has more elements than its storage "
                + $"({storageCount}); expanded tensors are not read: save it after contiguous().");
        return this;
    }

    private static void CheckShape(IReadOnlyList<long> shape)
    {
        if (shape.Count > MostDimensions)
            throw new WeightsFaultException($"a tensor has {shape.Count} dimensions; torch has at most {MostDimensions}.");
        var product = (Int128)1;
        foreach (var size in shape)
        {
            if (size < 0)
                throw new WeightsFaultException($"a tensor has the negative size {size}.");
            // A zero size does not hide the others: their product must be computable as well.
            product *= Math.Max(size, 1);
            if (product > MostElements)
                throw new WeightsFaultException($"a tensor of shape {Shown.Shape(shape)} is larger than any memory.");
        }
    }
}
