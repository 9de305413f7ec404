using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FreezeBench.Results.Machine;

/// <summary>Reads and renders <c>environment.json</c>.</summary>
public static class EnvironmentFile
{
    /// <summary>Its name in an environment's folder.</summary>
    public const string FileName = "environment.json";

    // Switches of a run and no facts of the machine: they go with its precision, which every row says.
    private static readonly string[] setByTheRun = ["matmul_tf32", "cudnn_tf32"];

    // A record has 3 KB.
    private const long LargestBytes = 1 << 20;

    /// <summary>The file's bytes: equal records give equal bytes on every system (UTF-8 without BOM, line feeds).</summary>
    public static byte[] Render(EnvironmentRecord environment) => Render(Node(environment));

    /// <summary>The record in <paramref name="path"/>.</summary>
    /// <exception cref="UserErrorException">The file is missing or malformed, of a newer schema version, or its facts do
    /// not hash to the id that it states, which is the one of its own version.</exception>
    public static EnvironmentRecord Read(string path)
    {
        var document = Parse(path);
        var computed = document.Record.Id;
        return computed == document.EnvironmentId
            ? document.Record
            : throw new UserErrorException($"{path}: environment_id is '{document.EnvironmentId}' but the facts below it give '{computed}'. A fact was edited after measuring; restore the file from version control.");
    }

    /// <summary>The file's bytes with facts that were "unknown" filled in from <paramref name="newer"/>; facts that are
    /// already known stay, and those that now differ are listed as <c>fact: recorded, now</c>, but for the TF32 switches. The
    /// schema version stays, so that the file goes on giving its id; a fact that it does not have is not added.</summary>
    internal static (byte[] Bytes, IReadOnlyList<string> Differences) Completed(EnvironmentRecord recorded, EnvironmentRecord newer)
    {
        List<string> differences = [];
        var node = Node(recorded);
        Complete(node, Node(newer), "", differences);
        return (Render(node), differences);
    }

    /// <summary>The same as a record.</summary>
    internal static (EnvironmentRecord Record, IReadOnlyList<string> Differences) CompletedRecord(EnvironmentRecord recorded, EnvironmentRecord newer)
    {
        var (bytes, differences) = Completed(recorded, newer);
        return (JsonSerializer.Deserialize<EnvironmentDocument>(bytes, EnvironmentJson.Options(recorded.SchemaVersion))!.Record, differences);
    }

    private static void Complete(JsonObject recorded, JsonObject newer, string prefix, List<string> differences)
    {
        foreach (var (name, value) in newer)
        {
            if (!recorded.TryGetPropertyValue(name, out var old))
                continue;
            if (old is JsonObject inner)
                Complete(inner, value!.AsObject(), $"{prefix}{name}.", differences);
            else if (JsonNode.DeepEquals(old, value) || IsUnknown(value))
                continue;
            else if (IsUnknown(old))
                recorded[name] = value!.DeepClone();
            else if (!setByTheRun.Contains(name))
                differences.Add($"{prefix}{name}: recorded {old}, now {value}");
        }
    }

    private static bool IsUnknown(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) && text == Unknown.Text;

    private static JsonObject Node(EnvironmentRecord environment)
    {
        var document = new EnvironmentDocument
        {
            SchemaVersion = environment.SchemaVersion,
            EnvironmentId = environment.Id,
            Torch = environment.Torch,
            Machine = environment.Machine,
            Gpu = environment.Gpu,
        };
        return JsonSerializer.SerializeToNode(document, EnvironmentJson.Options(environment.SchemaVersion))!.AsObject();
    }

    private static byte[] Render(JsonObject node) => Encoding.UTF8.GetBytes(node.ToJsonString(EnvironmentJson.Options(EnvironmentRecord.CurrentSchemaVersion)) + "\n");

    // Reports and lists print facts; such a one could steer a terminal.
    private static string? WithControls(JsonNode node, string name) => node switch
    {
        JsonObject parts => parts.Select(part => part.Value is null ? null : WithControls(part.Value, part.Key)).FirstOrDefault(found => found is not null),
        JsonValue value when value.TryGetValue(out string? text) && text.Any(ForeignText.IsSteering) => name,
        _ => null,
    };

    private static EnvironmentDocument Parse(string path)
    {
        try
        {
            var text = RegularFile.ReadAllText(path, LargestBytes);
            var root = StrictJson.Parse(text);
            var version = root?["schema_version"]?.GetValue<int>();
            if (version > EnvironmentRecord.CurrentSchemaVersion)
                throw new UserErrorException($"{path}: schema_version is {version}; this program knows up to {EnvironmentRecord.CurrentSchemaVersion}. Use a newer FreezeBench to read it.");
            if (version < 1)
                throw new UserErrorException($"{path}: schema_version is {version}; it must be 1 to {EnvironmentRecord.CurrentSchemaVersion}.");
            // Without a version the newest layout says what is missing.
            var document = StrictJson.Read<EnvironmentDocument>(text, EnvironmentJson.Options(version ?? EnvironmentRecord.CurrentSchemaVersion));
            if (root is not null && WithControls(root, "") is { } odd)
                throw new UserErrorException($"{path}: {odd} has control characters, which no fact has. Restore the file from version control.");
            return document ?? throw new UserErrorException($"{path}: the file holds null instead of an environment record.");
        }
        catch (JsonException error)
        {
            throw new UserErrorException($"{path}{StrictJson.PlaceOf(error)}: this is no environment record: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException)
        {
            throw new UserErrorException($"{path}: the environment record cannot be read: {error.Message}", error);
        }
    }
}
