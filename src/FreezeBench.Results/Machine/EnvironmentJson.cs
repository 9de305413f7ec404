using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace FreezeBench.Results.Machine;

/// <summary>How the environment record looks as JSON: snake_case, two spaces, line feeds, the word "unknown" for null.</summary>
internal static class EnvironmentJson
{
    private static readonly IReadOnlyList<JsonSerializerOptions> options =
        [.. Enumerable.Range(1, EnvironmentRecord.CurrentSchemaVersion).Select(Make)];

    /// <summary>The layout of a schema version: its facts, all of which a file must have, and no other.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such version.</exception>
    internal static JsonSerializerOptions Options(int schemaVersion) => schemaVersion >= 1 && schemaVersion <= options.Count
        ? options[schemaVersion - 1]
        : throw new ArgumentOutOfRangeException(nameof(schemaVersion), schemaVersion, $"It must be 1 to {options.Count}.");

    private static JsonSerializerOptions Make(int schemaVersion) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        // The default would write "+" and all of non-ASCII as \u escapes; the file is never part of an HTML page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // A fact that this version does not know would be lost when the record is completed and written again.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        AllowDuplicateProperties = false,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { type => KeepFacts(type, schemaVersion) } },
        Converters = { new UnknownConverter<long>(), new UnknownConverter<int>(), new UnknownConverter<bool>() },
    };

    private static void KeepFacts(JsonTypeInfo type, int schemaVersion)
    {
        foreach (var (property, since) in type.Properties.Select(property => (property, Since(property))).Where(pair => pair.Item2 > 1).ToList())
        {
            if (since > schemaVersion)
                type.Properties.Remove(property);
            else
                property.IsRequired = true;
        }
    }

    private static int Since(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(FactSinceAttribute), inherit: false) is [FactSinceAttribute since] ? since.SchemaVersion : 1;

    /// <summary>Null as the word "unknown"; anything else as the plain value.</summary>
    private sealed class UnknownConverter<T> : JsonConverter<T?> where T : struct
    {
        public override bool HandleNull => true;

        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(Unknown.Text))
                return null;
            return JsonSerializer.Deserialize<T>(ref reader, options);
        }

        public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options)
        {
            if (value is { } known)
                JsonSerializer.Serialize(writer, known, options);
            else
                writer.WriteStringValue(Unknown.Text);
        }
    }
}
