using System.Globalization;
using System.Text.Json;

namespace FreezeBench.Results.Reports;

/// <summary>The parts that the JSON report is made of.</summary>
internal static class JsonWriting
{
    /// <summary>An array of objects.</summary>
    internal static void Array<T>(this Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<T> members)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            members(item);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>Several texts.</summary>
    internal static void Strings(this Utf8JsonWriter json, params ReadOnlySpan<(string Name, string Value)> members)
    {
        foreach (var (name, value) in members)
            json.WriteString(name, value);
    }

    /// <summary>A number; null where it is unknown or not finite.</summary>
    internal static void Number(this Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }

    /// <summary>A figure with its origin, or null.</summary>
    internal static void Figure(this Utf8JsonWriter json, string name, Figure? figure)
    {
        if (figure is null)
        {
            json.WriteNull(name);
            return;
        }
        json.WriteStartObject(name);
        json.Number("value", figure.Value);
        json.Number("lower", figure.Lower);
        json.Number("upper", figure.Upper);
        json.WriteStartObject("origin");
        json.WriteString("environment_id", figure.Origin.EnvironmentId);
        Texts(json, "run_ids", figure.Origin.RunIds);
        Texts(json, "commits", figure.Origin.Commits);
        json.WriteString("date", figure.Origin.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteNumber("count", figure.Origin.Count);
        // The word of the CSV's column.
        json.WriteString("noise_verdict", JsonNamingPolicy.KebabCaseLower.ConvertName(figure.Origin.Noise.ToString()));
        json.WriteBoolean("throttled", figure.Origin.Throttled);
        json.WriteBoolean("disturbed", figure.Origin.Disturbed);
        json.WriteBoolean("dirty", figure.Origin.Dirty);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Texts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
            json.WriteStringValue(text);
        json.WriteEndArray();
    }
}
