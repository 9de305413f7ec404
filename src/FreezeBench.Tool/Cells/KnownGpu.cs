using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Sets;

namespace FreezeBench.Tool.Cells;

/// <summary>A GPU of a kind of node, as records have it: nothing else is known of a node before a cell runs there.</summary>
/// <param name="Name">Of the product.</param>
/// <param name="ComputeCapability">Null: unknown.</param>
/// <param name="MemoryBytes">Null: unknown.</param>
/// <param name="Source">Whose record it is.</param>
internal sealed record KnownGpu(string Name, (int Major, int Minor)? ComputeCapability, long? MemoryBytes, string Source)
{
    /// <summary>The GPUs of a kind: those on which attempts at its cells ran, else those of rows whose name has the type for which the kind asks (<c>gpu:h200:1</c>).</summary>
    /// <param name="kind">Of a matrix.</param>
    /// <param name="cells">Of the matrix.</param>
    /// <param name="folder">With the attempts.</param>
    /// <param name="rows">Results folders.</param>
    internal static IReadOnlyList<KnownGpu> Of(NodeKind kind, IReadOnlyList<Cell> cells, JobFolder folder, IReadOnlyList<ResultSet> rows)
    {
        List<KnownGpu> known = [];
        HashSet<string> hosts = new(StringComparer.Ordinal);
        foreach (var (path, attempt) in cells.Where(cell => cell.Node.Name == kind.Name).SelectMany(folder.Attempts))
            if (!hosts.Contains(attempt.Host) && OfAttempt(path, attempt.Host) is { } gpu && hosts.Add(attempt.Host))
                known.Add(gpu);
        if (known.Count == 0 && TypeOf(kind.Gres) is { } type)
            known.AddRange(rows.SelectMany(set => set.Environments).Where(one => Words(one.Environment.Gpu.Name).Contains(type, StringComparer.OrdinalIgnoreCase)).Select(one => Of(one.Environment, $"rows of {one.Environment.Id}")).OfType<KnownGpu>());
        return [.. known.DistinctBy(gpu => (gpu.Name, gpu.ComputeCapability, gpu.MemoryBytes))];
    }

    private static KnownGpu? OfAttempt(string path, string host)
    {
        var results = Path.Combine(path, Attempt.ResultsName);
        try
        {
            foreach (var environment in Directory.Exists(results) ? Directory.EnumerateDirectories(results).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
                if (Of(EnvironmentFile.Read(Path.Combine(environment, EnvironmentFile.FileName)), $"an attempt on {host}") is { } gpu)
                    return gpu;
        }
        catch (Exception error) when (error is UserErrorException or IOException or UnauthorizedAccessException)
        {
            // Another attempt may tell.
        }
        return null;
    }

    private static KnownGpu? Of(EnvironmentRecord environment, string source) => environment.Torch.UsesGpu && environment.Gpu is { } gpu && gpu.Name != Unknown.Text
        ? new(gpu.Name, CommandQuestion.Capability(gpu.ComputeCapability), gpu.MemoryBytes, source)
        : null;

    // Of gpu:TYPE:COUNT; gpu:COUNT has none.
    private static string? TypeOf(string? gres) => NodeKind.GpusOf(gres).Where(parts => parts is [_, var type, ..] && !type.All(char.IsAsciiDigit)).Select(parts => parts[1]).FirstOrDefault();

    private static string[] Words(string name) => name.Split([' ', '-', '_', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
}
