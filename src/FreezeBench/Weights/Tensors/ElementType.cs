using static TorchSharp.torch;

namespace FreezeBench.Weights.Tensors;

/// <summary>
/// What one element of a stored tensor is, and how each file format names it. Five types are read; the others are known so
/// that an entry of theirs can be refused by name, and so that it can be skipped where it lies beside the state dict.
/// </summary>
public sealed record ElementType
{
    /// <summary>IEEE single precision.</summary>
    public static readonly ElementType F32 = new("float32", 4, "FloatStorage", "F32") { Torch = ScalarType.Float32 };

    /// <summary>IEEE half precision.</summary>
    public static readonly ElementType F16 = new("float16", 2, "HalfStorage", "F16") { Torch = ScalarType.Float16 };

    /// <summary>The upper half of a float32.</summary>
    public static readonly ElementType BF16 = new("bfloat16", 2, "BFloat16Storage", "BF16") { Torch = ScalarType.BFloat16 };

    /// <summary>IEEE double precision.</summary>
    public static readonly ElementType F64 = new("float64", 8, "DoubleStorage", "F64") { Torch = ScalarType.Float64 };

    /// <summary>Signed 64-bit integer: BatchNorm's counters.</summary>
    public static readonly ElementType I64 = new("int64", 8, "LongStorage", "I64") { Torch = ScalarType.Int64 };

    /// <summary>The types that are read.</summary>
    public static IReadOnlyList<ElementType> All { get; } = [F32, F16, BF16, F64, I64];

    /// <summary>Their names, for messages.</summary>
    public static string ValidNames { get; } = string.Join(", ", All.Select(type => type.Name));

    /// <summary>Read or not. Names: torch/storage.py (<c>_dtype_to_storage_type_map</c>) and safetensors' list of dtypes.</summary>
    internal static IReadOnlyList<ElementType> Known { get; } =
    [
        .. All,
        new("int32", 4, "IntStorage", "I32"), new("int16", 2, "ShortStorage", "I16"), new("int8", 1, "CharStorage", "I8"),
        new("uint8", 1, "ByteStorage", "U8"), new("bool", 1, "BoolStorage", "BOOL"),
        new("complex64", 8, "ComplexFloatStorage", "C64"), new("complex128", 16, "ComplexDoubleStorage", null),
        new("uint16", 2, null, "U16"), new("uint32", 4, null, "U32"), new("uint64", 8, null, "U64"),
        new("float8_e4m3fn", 1, null, "F8_E4M3"), new("float8_e5m2", 1, null, "F8_E5M2"),
    ];

    private ElementType(string name, int bytes, string? storage, string? safetensors) =>
        (Name, Bytes, Storage, Safetensors) = (name, bytes, storage, safetensors);

    /// <summary>torch's name, for example <c>float32</c>.</summary>
    public string Name { get; }

    /// <summary>Size of an element in bytes.</summary>
    public int Bytes { get; }

    /// <summary>torch's dtype, for one of <see cref="All"/>.</summary>
    /// <exception cref="InvalidOperationException">The type is not read; no <see cref="TensorEntry"/> has such a one.</exception>
    public ScalarType ScalarType => Torch ?? throw new InvalidOperationException($"{Name} is not read.");

    /// <summary>The class in module <c>torch</c> that a pickle names, for example <c>FloatStorage</c>; null: there is none.</summary>
    internal string? Storage { get; }

    /// <summary>The name in a safetensors header, for example <c>F32</c>; null: there is none.</summary>
    internal string? Safetensors { get; }

    /// <summary>Whether the type is one of <see cref="All"/>.</summary>
    internal bool IsRead => Torch is not null;

    /// <summary>Floating-point; only such types are converted into each other.</summary>
    internal bool IsFloat => this != I64;

    private ScalarType? Torch { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
