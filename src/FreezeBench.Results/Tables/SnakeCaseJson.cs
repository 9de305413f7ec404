using System.Text.Encodings.Web;
using System.Text.Json;

namespace FreezeBench.Results.Tables;

/// <summary>Objects as JSON for programs: snake case, full precision, line feeds.</summary>
public static class SnakeCaseJson
{
    private static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        NewLine = "\n",
        // The default would write + and all of non-ASCII as \u escapes; the text is never part of an HTML page.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The object's text, ended by a line feed.</summary>
    public static string Of(object value) => JsonSerializer.Serialize(value, options) + "\n";
}
