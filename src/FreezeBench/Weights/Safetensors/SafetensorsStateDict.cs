using System.Buffers.Binary;
using System.Text.Json;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Weights.Safetensors;

/// <summary>
/// The safetensors format (https://github.com/huggingface/safetensors, README "Format"): the header's size in 8 bytes, a JSON
/// header, then the elements in C order, little-endian, without gaps or overlaps.
/// </summary>
internal static class SafetensorsStateDict
{
    /// <summary>Bytes before the header.</summary>
    public const int PrefixBytes = 8;

    /// <summary>The entry of the header that is no tensor but a map of strings.</summary>
    public const string Metadata = "__metadata__";

    // 200 bytes for each of the most entries that there can be. The reference implementation's own bound is 100 MB, of which
    // reading takes 20 times as much memory.
    private const long LongestHeader = 4_000_000;

    // The deepest value is the number in {"name": {"shape": [1]}}.
    private static readonly JsonDocumentOptions strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    /// <param name="file">The whole file.</param>
    /// <param name="metadata">Gets what the file says about itself.</param>
    /// <exception cref="WeightsFaultException">The file breaks the format's rules.</exception>
    /// <returns>The entries of types that are read, and of the others their names and why they are not.</returns>
    public static (IReadOnlyList<TensorEntry> Entries, IReadOnlyList<(string Name, string Reason)> Unread) Read(ReadOnlyMemory<byte> file, Dictionary<string, string> metadata)
    {
        var headerBytes = BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
        if (headerBytes > LongestHeader || headerBytes > (ulong)(file.Length - PrefixBytes))
            throw new WeightsFaultException($"its safetensors header claims {headerBytes} bytes; the file has {file.Length}, and no network needs more than {LongestHeader}.");
        var data = file[(PrefixBytes + (int)headerBytes)..];
        List<SafetensorsItem> items = [];
        try
        {
            using var header = JsonDocument.Parse(file.Slice(PrefixBytes, (int)headerBytes), strict);
            foreach (var property in header.RootElement.EnumerateObject())
            {
                if (property.NameEquals(Metadata)) AddMetadata(property.Value, metadata);
                else
                {
                    Bounds.Check((ulong)items.Count + 1, "its entries are at least");
                    items.Add(SafetensorsItem.FromJson(property.Name, property.Value));
                }
            }
        }
        // InvalidOperationException: .NET's answer to text that is not Unicode, and to a root that is no object.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new WeightsFaultException($"its safetensors header is not valid: {Shown.Name(e.Message)}", e);
        }
        CheckOrder(items, data.Length);
        List<(string Name, string Reason)> unread = [.. items.Where(item => item.Fault is not null).Select(item => (item.Name, item.Fault!))];
        return unread is [var first, ..] && unread.Count == items.Count
            ? throw new WeightsFaultException(first.Reason + ".")
            : ([.. items.Where(item => item.Fault is null).Select(item => item.Entry(data))], unread);
    }

    private static void AddMetadata(JsonElement found, Dictionary<string, string> metadata)
    {
        if (found.ValueKind != JsonValueKind.Object || found.EnumerateObject().Any(item => item.Value.ValueKind != JsonValueKind.String))
            throw new WeightsFaultException($"{Metadata} of its safetensors header is not a map of strings.");
        foreach (var item in found.EnumerateObject())
            metadata[item.Name] = item.Value.GetString()!;
    }

    /// <summary>Every byte belongs to exactly one tensor: nothing can be hidden in between, and no byte is counted twice.</summary>
    private static void CheckOrder(IEnumerable<SafetensorsItem> items, long dataBytes)
    {
        var end = 0L;
        foreach (var item in items.OrderBy(item => item.Begin).ThenBy(item => item.End))
        {
            if (item.Begin != end)
                throw new WeightsFaultException($"entry {Shown.Name(item.Name)} begins at byte {item.Begin} of the data "
                    + $"where {end} is due: {(item.Begin < end ? "an overlap" : "a gap")}.");
            end = item.End;
        }
        if (end != dataBytes)
            throw new WeightsFaultException($"its tensors end at byte {end} of {dataBytes} bytes of data; the file is "
                + "truncated or damaged.");
    }
}
