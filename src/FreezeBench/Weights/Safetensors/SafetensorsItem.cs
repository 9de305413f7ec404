using System.Text.Json;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Safetensors;

/// <summary>One tensor of a safetensors header.</summary>
/// <param name="Name">State-dict name.</param>
/// <param name="Type">A known type, read or not.</param>
/// <param name="Shape">Sizes, checked.</param>
/// <param name="Begin">First byte within the data.</param>
/// <param name="End">The byte after the last.</param>
internal sealed record SafetensorsItem(string Name, ElementType Type, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <exception cref="WeightsFaultException">A field is missing, or the fields contradict each other.</exception>
    public static SafetensorsItem FromJson(string name, JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("dtype", out var dtype) || dtype.ValueKind != JsonValueKind.String
            || !json.TryGetProperty("shape", out var shape) || !json.TryGetProperty("data_offsets", out var offsets)
            || Numbers(offsets) is not [var begin, var end] || Numbers(shape) is not { } sizes)
            throw new WeightsFaultException($"entry {Shown.Name(name)} needs dtype, shape and two data_offsets in whole "
                + "numbers.");
        var type = ElementType.Known.FirstOrDefault(type => type.Safetensors is not null && dtype.ValueEquals(type.Safetensors))
            ?? throw new WeightsFaultException(NotRead(name, dtype.GetString()!) + ".");
        var bytes = TensorLayout.Dense(sizes).Count * type.Bytes;
        return begin >= 0 && end >= begin && end - begin == bytes
            ? new SafetensorsItem(name, type, sizes, begin, end)
            : throw new WeightsFaultException($"entry {Shown.Name(name)} of shape {Shown.Shape(sizes)} is {bytes} bytes "
                + $"of {type}; its data_offsets are {begin} and {end}.");
    }

    /// <summary>Why the entry is not read; null: it is.</summary>
    public string? Fault => Type.IsRead ? null : NotRead(Name, Type.Safetensors!);

    /// <param name="data">All data; it was checked that the offsets lie inside.</param>
    public TensorEntry Entry(ReadOnlyMemory<byte> data) =>
        new(Name, Type, TensorLayout.Dense(Shape), data[(int)Begin..(int)End]);

    private static string NotRead(string name, string type) => $"entry {Shown.Name(name)} is {Shown.Name(type)}; these types are read: {ElementType.ValidNames}";

    private static long[]? Numbers(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Array) return null;
        var numbers = new long[json.GetArrayLength()];
        var place = 0;
        foreach (var item in json.EnumerateArray())
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out numbers[place++])) return null;
        return numbers;
    }
}
