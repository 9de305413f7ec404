using System.Text.Json;
using System.Text.Json.Nodes;
using FreezeBench.Results;

namespace FreezeBench.Tool.Cells;

/// <summary>What a matrix file says.</summary>
internal sealed record MatrixDocument
{
    private const long MostBytes = 1 << 20;

    /// <summary>How the names of such files end.</summary>
    internal static IReadOnlyList<string> Ends { get; } = [".json", ".yaml", ".yml"];

    /// <summary>Full path of the file.</summary>
    public required string File { get; init; }

    /// <summary>Names the jobs.</summary>
    public required string Name { get; init; }

    /// <summary>One or more, with different names.</summary>
    public required IReadOnlyList<NodeKind> Nodes { get; init; }

    /// <summary>One or more.</summary>
    public required IReadOnlyList<CellBlock> Blocks { get; init; }

    /// <summary>Cells that all values of one of these fit are left out. From an axis, <c>program</c>, <c>node</c> or <c>repeat</c> to its values.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyList<string>>> Exclude { get; init; }

    /// <summary>Lines that the job script runs before a cell, such as <c>module load cuda</c>.</summary>
    public required IReadOnlyList<string> Setup { get; init; }

    /// <summary>Reads a file, JSON or (.yaml, .yml) YAML.</summary>
    /// <exception cref="UserErrorException">It cannot be read; or one line for each thing that is wrong in it.</exception>
    internal static MatrixDocument Read(string path)
    {
        var full = Path.GetFullPath(path);
        string text;
        try
        {
            text = RegularFile.ReadAllText(full, MostBytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The matrix {path} cannot be read: {error.Message}", error);
        }
        return DocumentReader.Read(Tree(text, full, path), full, path);
    }

    private static JsonNode? Tree(string text, string full, string path)
    {
        if (Path.GetExtension(full).ToLowerInvariant() is ".yaml" or ".yml")
            return YamlText.Parse(text, path);
        try
        {
            return StrictJson.Parse(text);
        }
        catch (JsonException error)
        {
            throw new UserErrorException($"{path}{StrictJson.PlaceOf(error)}: this is no JSON that means one thing: {error.Message}", error);
        }
    }
}
