using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace FreezeBench.Results.Machine;

/// <summary>How the environment record looks as JSON: snake_case, two spaces, line feeds, the word "unknown" for null.</summary>
internal static class EnvironmentJson
{
    internal static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        // The default would write "+" and all of non-ASCII as \u escapes; the file is never part of an HTML page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        // A fact that this version does not know would be lost when the record is completed and written again.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters = { new UnknownConverter<long>(), new UnknownConverter<int>(), new UnknownConverter<bool>() },
    };

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
