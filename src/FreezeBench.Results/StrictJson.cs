using System.Text.Json;
using System.Text.Json.Nodes;

namespace FreezeBench.Results;

/// <summary>Reads JSON that means one thing only: a key that is there twice is refused, not read as one of the two.</summary>
public static class StrictJson
{
    private static readonly JsonDocumentOptions document = new() { AllowDuplicateProperties = false };
    private static readonly JsonSerializerOptions plain = new() { AllowDuplicateProperties = false };

    /// <summary>Parses a text.</summary>
    /// <exception cref="JsonException">It is no JSON, or a key of an object is there twice.</exception>
    public static JsonNode? Parse(string json) => JsonNode.Parse(json, documentOptions: document);

    /// <summary>Reads an object.</summary>
    /// <param name="json">The text.</param>
    /// <param name="options">They do not allow duplicates; null: the framework's, without these.</param>
    /// <returns>Null where the text is <c>null</c>.</returns>
    /// <exception cref="JsonException">It is no such object, or a key is there twice.</exception>
    public static T? Read<T>(string json, JsonSerializerOptions? options = null)
    {
        if (options is { AllowDuplicateProperties: true })
            throw new ArgumentException("The options allow a key to be there twice.", nameof(options));
        return JsonSerializer.Deserialize<T>(json, options ?? plain);
    }
}
