using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Tool.Listing;

/// <summary>What one environment's folder holds, by invocation; read row by row.</summary>
/// <param name="Id">The environment id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Runs">By run id in ordinal order.</param>
internal sealed record ListedEnvironment(string Id, string Name, IReadOnlyList<ListedRun> Runs)
{
    /// <summary>The environments of a results folder, or of an environment's folder, by id.</summary>
    /// <exception cref="UserErrorException">The folder is missing or holds no environment, or a file in it is malformed.</exception>
    internal static IReadOnlyList<ListedEnvironment> Of(string path)
    {
        if (!Directory.Exists(path))
            throw new UserErrorException($"The folder {path} does not exist. Give a results folder, or an environment's folder in it.");
        var environments = Directory.EnumerateDirectories(path).Prepend(path)
            .Where(folder => File.Exists(Path.Combine(folder, EnvironmentFile.FileName))).Select(Read).OrderBy(item => item.Id, StringComparer.Ordinal).ToList();
        return environments.Count > 0
            ? environments
            : throw new UserErrorException($"{path} holds no results: neither it nor a folder in it has an {EnvironmentFile.FileName}.");
    }

    private static ListedEnvironment Read(string folder)
    {
        var environment = EnvironmentFile.Read(Path.Combine(folder, EnvironmentFile.FileName));
        SortedDictionary<string, ListedRun> runs = new(StringComparer.Ordinal);
        Add<BenchmarkRow>(folder, runs);
        Add<SampleRow>(folder, runs);
        Add<AccuracyRow>(folder, runs);
        Add<RunRow>(folder, runs);
        Add<MlNetRow>(folder, runs);
        Add<RemarkRow>(folder, runs);
        return new ListedEnvironment(environment.Id, EnvironmentName.Of(environment), [.. runs.Values]);
    }

    private static void Add<TRow>(string folder, SortedDictionary<string, ListedRun> runs) where TRow : IResultRow
    {
        var path = Path.Combine(folder, TRow.FileName);
        foreach (var (_, row) in File.Exists(path) ? RowFile.Rows<TRow>(path) : [])
        {
            if (!runs.TryGetValue(row.RunId, out var run))
                runs.Add(row.RunId, run = new ListedRun(row.RunId));
            run.Add(row);
        }
    }
}
