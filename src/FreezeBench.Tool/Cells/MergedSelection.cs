using System.Text.Json;
using FreezeBench.Results;

namespace FreezeBench.Tool.Cells;

/// <summary>Which attempts the merged rows are of: the file <c>.cells.json</c> beside them.</summary>
/// <param name="Attempts">From a cell's id to the name of its attempt.</param>
internal sealed record MergedSelection(IReadOnlyDictionary<string, string> Attempts)
{
    private const string FileName = ".cells.json";
    private const long MostBytes = 1 << 22;

    private static readonly JsonSerializerOptions options = new() { AllowDuplicateProperties = false, WriteIndented = true, NewLine = "\n" };

    /// <summary>Of a results folder; null: it has none.</summary>
    internal static MergedSelection? Read(string results)
    {
        try
        {
            return StrictJson.Read<SortedDictionary<string, string>>(RegularFile.ReadAllText(Path.Combine(results, FileName), MostBytes), options) is { } attempts ? new(attempts) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the file.</summary>
    internal void Write(string results) => File.WriteAllBytes(Path.Combine(results, FileName),
        JsonSerializer.SerializeToUtf8Bytes(new SortedDictionary<string, string>(Attempts.ToDictionary(), StringComparer.Ordinal), options));

    /// <summary>Whether both are of the same attempts.</summary>
    internal bool IsSame(MergedSelection other) => Attempts.Count == other.Attempts.Count && Attempts.All(pair => other.Attempts.TryGetValue(pair.Key, out var name) && name == pair.Value);
}
