using System.Buffers.Binary;
using System.Text.Json;
using FreezeBench.Results;
using FreezeBench.Weights.Tensors;
using static TorchSharp.torch;

namespace FreezeBench.Weights.Safetensors;

/// <summary>Writes the format that <see cref="SafetensorsStateDict"/> reads.</summary>
internal static class SafetensorsWriter
{
    private const int HeaderMultiple = 8;       // the reference implementation pads the header with spaces, to align the data

    /// <summary>Writes a file (<see cref="AtomicFile"/>).</summary>
    /// <param name="path">Replaced if it is there; its folder exists.</param>
    /// <param name="tensors">Names all different; on any device, in any memory format, of a type that is read.</param>
    /// <param name="metadata">What the file says about itself.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var header = Header(tensors, metadata);
        AtomicFile.Write(path, file =>
        {
            Span<byte> prefix = stackalloc byte[SafetensorsStateDict.PrefixBytes];
            BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
            file.Write(prefix);
            file.Write(header);
            foreach (var (_, value) in tensors)
                WriteElements(file, value);
        });
    }

    private static void WriteElements(Stream file, Tensor value)
    {
        using var scope = NewDisposeScope();
        file.Write(value.detach().cpu().contiguous().bytes);
    }

    private static byte[] Header(IReadOnlyList<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartObject(SafetensorsStateDict.Metadata);
            foreach (var (name, value) in metadata)
                json.WriteString(name, value);
            json.WriteEndObject();
            var end = 0L;
            foreach (var (name, value) in tensors)
                end = WriteItem(json, name, value, end);
            json.WriteEndObject();
        }
        while (buffer.Length % HeaderMultiple != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static long WriteItem(Utf8JsonWriter json, string name, Tensor value, long begin)
    {
        var type = ElementType.All.FirstOrDefault(type => type.ScalarType == value.dtype)
            ?? throw new ArgumentException($"The tensor '{name}' is {value.dtype}; these types are written: {ElementType.ValidNames}.", nameof(value));
        var end = begin + (value.numel() * type.Bytes);
        json.WriteStartObject(name);
        json.WriteString("dtype", type.Safetensors);
        json.WriteStartArray("shape");
        foreach (var size in value.shape)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
        return end;
    }
}
