using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FreezeBench.Results;

namespace FreezeBench.Tool.Cells;

/// <summary>Reads values out of a tree and notes what is wrong, each with its place; all of it is told at once.</summary>
internal sealed class TreeReader
{
    private const int LongestText = 1000;

    /// <summary>Lines.</summary>
    internal List<string> Errors { get; } = [];

    /// <summary>Notes something.</summary>
    internal void Wrong(string place, string what) => Errors.Add($"{(place.Length == 0 ? "the top" : place)}: {what}");

    /// <summary>An object whose keys are all known; null where it is none.</summary>
    internal JsonObject? Object(JsonNode? node, string place, IReadOnlyList<string> known)
    {
        if (node is not JsonObject map)
        {
            Wrong(place, $"an object with the keys {string.Join(", ", known)} is expected, not {Kind(node)}.");
            return null;
        }
        foreach (var key in map.Select(pair => pair.Key).Except(known, StringComparer.Ordinal))
            Wrong(place, $"the key '{key}' is unknown.{Nearest.Hint(key, known)} Known keys: {string.Join(", ", known)}.");
        return map;
    }

    /// <summary>The items of a list, each with its place; none where the key is missing.</summary>
    internal IReadOnlyList<(JsonNode? Node, string Place)> List(JsonObject map, string key, string place)
    {
        var here = At(place, key);
        if (!map.TryGetPropertyValue(key, out var node))
            return [];
        if (node is not JsonArray list)
            Wrong(here, $"a list is expected, not {Kind(node)}.");
        else if (list.Count == 0)
            Wrong(here, "the list is empty; leave the key out.");
        else
            return [.. list.Select((item, index) => (item, string.Create(CultureInfo.InvariantCulture, $"{here}[{index}]")))];
        return [];
    }

    /// <summary>Values as words: texts, and numbers as they are written.</summary>
    internal IReadOnlyList<string> Words(JsonObject map, string key, string place)
    {
        List<string> words = [];
        foreach (var (node, here) in List(map, key, place))
            if (Word(node, here) is { } word)
            {
                if (words.Contains(word))
                    Wrong(here, $"'{word}' is there twice.");
                words.Add(word);
            }
        return words;
    }

    /// <summary>A text or a number; null where it is something else.</summary>
    internal string? Word(JsonNode? node, string place)
    {
        if (node is JsonValue value && value.GetValueKind() is JsonValueKind.String or JsonValueKind.Number)
        {
            var text = node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : node.ToJsonString();
            if (text.Length is > 0 and <= LongestText && !text.Any(ForeignText.IsSteering) && !text.StartsWith('-') && text.Trim() == text)
                return text;
            Wrong(place, $"'{text}' is no value: it must be 1 to {LongestText} characters in one line, without a hyphen in front or blanks around.");
            return null;
        }
        Wrong(place, $"a text or a number is expected, not {Kind(node)}.");
        return null;
    }

    /// <summary>The text of a key; null where it is missing.</summary>
    internal string? Text(JsonObject map, string key, string place) => map.TryGetPropertyValue(key, out var node) ? Word(node, At(place, key)) : null;

    /// <summary>A whole number in a range; null where the key is missing.</summary>
    internal int? Whole(JsonObject map, string key, string place, int least, int most)
    {
        if (!map.TryGetPropertyValue(key, out var node))
            return null;
        if (node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && int.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Wrong(At(place, key), string.Create(CultureInfo.InvariantCulture, $"it is {node?.ToJsonString() ?? "null"}; it must be a whole number from {least} to {most}."));
        return null;
    }

    /// <summary>True or false; false where the key is missing.</summary>
    internal bool Switch(JsonObject map, string key, string place)
    {
        if (!map.TryGetPropertyValue(key, out var node))
            return false;
        if (node is JsonValue value && value.GetValueKind() is JsonValueKind.True or JsonValueKind.False)
            return node.GetValue<bool>();
        Wrong(At(place, key), $"true or false is expected, not {Kind(node)}.");
        return false;
    }

    internal static string At(string place, string key) => place.Length == 0 ? key : $"{place}.{key}";

    private static string Kind(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "an object",
        JsonArray => "a list",
        _ => node.ToJsonString(),
    };
}
