using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FreezeBench.Results;

/// <summary>
/// Reads JSON that means one thing only, and of which every value can be used: a key that is there twice is refused, not read as one of the two,
/// and so are null where a list or a dictionary has its items, and half of a character.
/// </summary>
public static class StrictJson
{
    private static readonly JsonDocumentOptions document = new() { AllowDuplicateProperties = false };
    private static readonly JsonSerializerOptions plain = new() { AllowDuplicateProperties = false, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>Parses a text.</summary>
    /// <exception cref="JsonException">It is no JSON, a key of an object is there twice, or a text holds half of a character.</exception>
    public static JsonNode? Parse(string json)
    {
        RefuseHalves(json);
        return JsonNode.Parse(json, documentOptions: document);
    }

    /// <summary>Reads an object.</summary>
    /// <param name="json">The text.</param>
    /// <param name="options">They allow no duplicates, no null but where a property says so, and nothing to be missing that a record needs; null: the framework's with that.</param>
    /// <returns>Null where the text is <c>null</c>.</returns>
    /// <exception cref="JsonException">It is no such object; a key is there twice; an item is null; or a text holds half of a character.</exception>
    public static T? Read<T>(string json, JsonSerializerOptions? options = null)
    {
        if (options is { AllowDuplicateProperties: true } or { RespectNullableAnnotations: false } or { RespectRequiredConstructorParameters: false })
            throw new ArgumentException("The options allow a key to be there twice, or values that nobody can use.", nameof(options));
        options ??= plain;
        RefuseHalves(json);
        var read = JsonSerializer.Deserialize<T>(json, options);
        // Annotations speak of properties alone: a list of texts that are never null is read with null in it.
        return read is not null && NullItems.Find(options.GetTypeInfo(typeof(T)), read, "$") is { } path
            ? throw new JsonException($"{path} is null, where an item must be.", path, null, null)
            : read;
    }

    /// <summary>Where an error is, for a message behind the file's name: <c>, line 3</c>, or nothing where that is not known.</summary>
    public static string PlaceOf(JsonException error) =>
        error.LineNumber is { } line ? string.Create(CultureInfo.InvariantCulture, $", line {line + 1}") : "";

    // JSON can write half of a surrogate pair, as \ud800. It is no character, no file can hold it, and .NET throws only when such a text is used.
    private static void RefuseHalves(string json)
    {
        if (!json.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
            return;
        var bytes = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(bytes);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped)
                continue;
            try
            {
                _ = reader.GetString();
            }
            catch (InvalidOperationException error)
            {
                var line = bytes.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
                throw new JsonException(string.Create(CultureInfo.InvariantCulture, $"a text in line {line + 1} has half of a surrogate pair, which is no character."), null, line, null, error);
            }
        }
    }
}
