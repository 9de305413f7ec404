using System.Text.Json;
using System.Text.Json.Serialization;
using FreezeBench.Results;

namespace FreezeBench.Tool.Cells;

/// <summary>Small records of a matrix as JSON files: snake case, every key once, whole or not there.</summary>
internal static class RecordFile
{
    private static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
        NewLine = "\n",
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Reads a record; keys that it does not know are passed over.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mostBytes">No such record has more.</param>
    /// <exception cref="JsonException">It is no such record.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    internal static T Read<T>(string path, long mostBytes) where T : class =>
        StrictJson.Read<T>(RegularFile.ReadAllText(path, mostBytes), options) ?? throw new JsonException("it is null.");

    internal static void Write<T>(string path, T record) => AtomicFile.Write(path, [.. JsonSerializer.SerializeToUtf8Bytes(record, options), (byte)'\n']);
}
