using System.Text.Json;
using System.Text.Json.Serialization;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Tensors;

namespace FreezeBench.Tests.Weights;

/// <summary>Files written by PyTorch and what is in them: Goldens/make_weights_goldens.py.</summary>
internal static class WeightsGoldens
{
    private static readonly JsonSerializerOptions options = new() { PropertyNameCaseInsensitive = true };
    private static readonly Expected expected = JsonSerializer.Deserialize<Expected>(File.ReadAllText(PathOf("weights.json")), options)!;

    public static IReadOnlyList<GoldenFile> Files => expected.Files;

    public static IReadOnlyList<GoldenEntry> Entries(string set) => expected.Sets[set];

    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Goldens", "Weights", file);

    /// <summary>A file of random numbers as a network could have it: variances among them made positive.</summary>
    public static StateDictFile Sound(string file)
    {
        var read = StateDictFile.Read(PathOf(file));
        return read with { Entries = [.. read.Entries.Select(entry => entry.Name.EndsWith("running_var", StringComparison.Ordinal) ? Positive(entry) : entry)] };
    }

    private static TensorEntry Positive(TensorEntry entry)
    {
        var bytes = entry.ToBytes();
        // The sign is the highest bit, in every floating-point type, of the last byte.
        for (var last = entry.Type.Bytes - 1; last < bytes.Length; last += entry.Type.Bytes)
            bytes[last] &= 0x7f;
        return new TensorEntry(entry.Name, entry.Type, TensorLayout.Dense(entry.Shape), bytes);
    }

    private sealed record Expected(Dictionary<string, GoldenEntry[]> Sets, GoldenFile[] Files);
}

/// <param name="File">Name in the folder.</param>
/// <param name="Format">zip, legacy or safetensors.</param>
/// <param name="Set">Name of the list of entries.</param>
/// <param name="Sha256">Of the whole file.</param>
internal sealed record GoldenFile(string File, string Format, [property: JsonPropertyName("set")] string Set, string Sha256);

/// <param name="Name">State-dict name.</param>
/// <param name="Type">torch's name.</param>
/// <param name="Shape">Sizes.</param>
/// <param name="Sha256">Of the elements in C order, little-endian.</param>
internal sealed record GoldenEntry(string Name, string Type, long[] Shape, string Sha256);
