using System.Text.Json;

namespace FreezeBench.Tool.Cells;

/// <summary>Which attempts the merged rows are of: the file <c>.cells.json</c> beside them, for people and scripts.</summary>
/// <param name="Attempts">From a cell's id to the name of its attempt.</param>
internal sealed record MergedSelection(IReadOnlyDictionary<string, string> Attempts)
{
    private const string FileName = ".cells.json";

    private static readonly JsonSerializerOptions options = new() { WriteIndented = true, NewLine = "\n" };

    internal void Write(string results) => File.WriteAllBytes(Path.Combine(results, FileName),
        JsonSerializer.SerializeToUtf8Bytes(new SortedDictionary<string, string>(Attempts.ToDictionary(), StringComparer.Ordinal), options));
}
