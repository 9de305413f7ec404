using System.Text;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Onnx;

/// <summary>
/// The weights of an ONNX model: <c>ModelProto.graph</c> (7), <c>GraphProto.initializer</c> (5) and of each <c>TensorProto</c> its dims (1), data_type
/// (2), float_data (4), name (8), raw_data (9), external_data (13) and data_location (14). Numbers: onnx/onnx.proto. The graph's
/// operators are stepped over.
/// </summary>
internal static class OnnxInitializers
{
    private const int Graph = 7;
    private const int Initializer = 5;
    private const int SparseInitializer = 15;
    private const ulong FloatData = 1;

    // TensorProto.DataType. Only floats: weights of convolutions and BatchNorm are nothing else.
    private static readonly Dictionary<ulong, ElementType> floats = new() { [FloatData] = ElementType.F32, [10] = ElementType.F16, [11] = ElementType.F64, [16] = ElementType.BF16 };

    private static readonly string[] typeNames =
    [
        "undefined", "float32", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "float64", "uint32", "uint64", "complex64", "complex128",
        "bfloat16", "float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz", "uint4", "int4", "float4e2m1",
    ];

    /// <param name="file">The whole file.</param>
    /// <returns>In the order of the file, names all different.</returns>
    /// <exception cref="WeightsFaultException">It is no ONNX model, is damaged, or keeps its weights in a way that is not read.</exception>
    public static IReadOnlyList<TensorEntry> Read(byte[] file)
    {
        var graphs = ProtobufField.Of(file, "the model").Where(field => field.Number == Graph).ToList();
        if (graphs is not [var graph])
            throw new WeightsFaultException(graphs is [] ? "it has no graph, so it is no ONNX model." : $"it has {graphs.Count} graphs; an ONNX model has one.");
        Dictionary<string, TensorEntry> entries = [];
        foreach (var field in ProtobufField.Of(graph.Content, "its graph"))
        {
            if (field.Number == SparseInitializer)
                throw new WeightsFaultException("it has sparse weights; dense ones are read.");
            if (field.Number != Initializer)
                continue;
            Bounds.Check((ulong)entries.Count + 1, "its entries are at least");
            var entry = Entry(field.Content);
            if (!entries.TryAdd(entry.Name, entry))
                throw new WeightsFaultException($"the entry {Shown.Name(entry.Name)} occurs twice.");
        }
        return entries.Count > 0 ? [.. entries.Values] : throw new WeightsFaultException("it holds no weights.");
    }

    private static TensorEntry Entry(ArraySegment<byte> message)
    {
        const string What = "an entry";
        string? name = null;
        List<long> shape = [];
        var type = 0UL;
        var elsewhere = false;
        var data = ArraySegment<byte>.Empty;
        var (raw, packed, other) = (0, 0, 0);
        foreach (var field in ProtobufField.Of(message, What))
            switch (field.Number)
            {
                // One more than there may be, which is refused below.
                case 1: shape.AddRange(field.Numbers(What, TensorLayout.MostDimensions + 1 - shape.Count).Select(size => unchecked((long)size))); break;
                case 2: type = field.Value; break;
                case 8: name = Encoding.UTF8.GetString(field.Content); break;
                case 9: data = field.Content; raw++; break;
                // Packed floats lie in the file as they do in memory.
                case 4 when field.Content.Array is not null: data = field.Content; packed++; break;
                case 4 or 5 or 6 or 7 or 10 or 11: other++; break;
                case 3 or 13: elsewhere = true; break;
                case 14: elsewhere |= field.Value != 0; break;
            }
        if (string.IsNullOrEmpty(name))
            throw new WeightsFaultException("an entry has no name.");
        var shown = Shown.Name(name);
        if (elsewhere)
            throw new WeightsFaultException($"entry {shown} lies in another file; only weights that are in the model's own file are read.");
        if (!floats.TryGetValue(type, out var element))
            throw new WeightsFaultException($"entry {shown} is {(type < (ulong)typeNames.Length ? typeNames[(int)type] : $"of the unknown type {type}")}; these types are read: "
                + $"{string.Join(", ", floats.Values.Select(known => known.Name))}.");
        var layout = TensorLayout.Dense(shape);
        if (other > 0 || raw + packed > 1 || (packed > 0 && type != FloatData))
            throw new WeightsFaultException($"entry {shown} keeps its numbers in a way that is not read: neither as raw_data nor as packed float_data.");
        return data.Count == layout.Count * element.Bytes
            ? new TensorEntry(name, element, layout, data)
            : throw new WeightsFaultException($"entry {shown} of shape {Shown.Shape(shape)} is {layout.Count * element.Bytes} bytes of {element}; it has {data.Count}.");
    }
}
