using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FreezeBench.Results;

/// <summary>A command line about which a program is asked whether it would refuse it: a line on the standard input of <see cref="Option"/>.</summary>
/// <param name="Words">The command line.</param>
/// <param name="ComputeCapability">Of the GPU on which it is to run, which need not be of this machine; null: unknown.</param>
public sealed record CommandQuestion(IReadOnlyList<string> Words, (int Major, int Minor)? ComputeCapability = null)
{
    /// <summary>The only word of the command line of a program that is asked.</summary>
    public const string Option = "--check-commands";

    private const string WordsKey = "command", CapabilityKey = "compute_capability";

    /// <summary>The line: a JSON list of words, or an object that has more.</summary>
    public string ToLine() => ComputeCapability is var (major, minor)
        ? new JsonObject { [WordsKey] = JsonSerializer.SerializeToNode(Words), [CapabilityKey] = string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}") }.ToJsonString()
        : JsonSerializer.Serialize(Words);

    /// <summary>Reads a line.</summary>
    /// <returns>Null: it is none.</returns>
    public static CommandQuestion? Parse(string line)
    {
        try
        {
            return StrictJson.Parse(line) switch
            {
                JsonArray words => WordsOf(words) is { } list ? new CommandQuestion(list) : null,
                JsonObject { Count: 2 } map when map[WordsKey] is JsonArray words && WordsOf(words) is { } list && CapabilityOf(map[CapabilityKey]) is { } capability => new CommandQuestion(list, capability),
                _ => null,
            };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Reads a compute capability, such as <c>9.0</c>.</summary>
    /// <returns>Null: it is none.</returns>
    public static (int Major, int Minor)? Capability(string? text) => Version.TryParse(text, out var version) ? (version.Major, version.Minor) : null;

    private static (int, int)? CapabilityOf(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? Capability(node.GetValue<string>()) : null;

    private static string[]? WordsOf(JsonArray words) => words.All(word => word?.GetValueKind() == JsonValueKind.String) ? [.. words.Select(word => word!.GetValue<string>())] : null;
}
