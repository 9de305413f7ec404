using System.Text.Encodings.Web;
using System.Text.Json;

namespace FreezeBench.Results.Tables;

/// <summary>Objects as JSON for programs: snake case, full precision, line feeds.</summary>
public static class SnakeCaseJson
{
    /// <summary>How; for a reader or a writer that needs more than that.</summary>
    internal static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        // The default would write + and all of non-ASCII as \u escapes; the text is never part of an HTML page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The object's text, ended by a line feed.</summary>
    public static string Of(object value) => JsonSerializer.Serialize(value, Options) + "\n";
}
