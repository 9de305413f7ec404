using System.Text.Json;
using System.Text.Json.Serialization;

namespace FreezeBench.Results.Reports;

/// <summary>Writes the report as JSON for programs.</summary>
/// <remarks>
/// <para>
/// One object: <c>schema_version</c>, <c>overview</c>, <c>environments</c>, <c>matrices</c>; the members of each are the properties of <see cref="Report"/>,
/// <see cref="EnvironmentReport"/>, <see cref="TimeGroup"/>, <see cref="AccuracyGroup"/>, <see cref="ScalingSeries"/> and <see cref="Matrix"/> in their
/// order and in snake case, units included (<c>epoch_ms</c>, <c>images_per_s</c>, <c>final_accuracy</c> and <c>backward_share</c> as fractions).
/// A figure is <c>value</c>, <c>lower</c>, <c>upper</c>, <c>origin</c>. What was not measured is null, and so is a number that
/// is not finite, for which JSON has no word. Members are added, never renamed; then the version rises.
/// </para>
/// <para>
/// UTF-8 without BOM, line feeds, numbers in the shortest form that reads back as the same bits. Everything beyond ASCII and
/// the characters &lt; &gt; &amp; ' " + are escaped, so that the text can stand inside an HTML script element.
/// </para>
/// </remarks>
public static class JsonReport
{
    /// <summary>Version of the layout.</summary>
    public const int SchemaVersion = 4;

    // The default encoder is the one that is safe inside HTML.
    private static readonly JsonSerializerOptions options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        IndentSize = 1,
        NewLine = "\n",
        // The words of the CSV's columns.
        Converters = { new FiniteNumbers(), new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Writes the report; the stream stays open.</summary>
    public static void Write(Report report, Stream stream)
    {
        JsonSerializer.Serialize(stream, new { SchemaVersion, report.Overview, report.Environments, report.Matrices }, options);
        stream.WriteByte((byte)'\n');
    }

    private sealed class FiniteNumbers : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("Reports are written, not read.");

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
        {
            if (double.IsFinite(value))
                writer.WriteNumberValue(value);
            else
                writer.WriteNullValue();
        }
    }
}
