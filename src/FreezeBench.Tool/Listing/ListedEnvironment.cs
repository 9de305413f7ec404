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
        Each<BenchmarkRow>(folder, row => Of(runs, row.RunId).Add(row));
        Each<SampleRow>(folder, row => Of(runs, row.RunId).Add(row));
        Each<AccuracyRow>(folder, row => Of(runs, row.RunId).Add(row));
        Each<RunRow>(folder, row => Of(runs, row.RunId).Add(row));
        Each<MlNetRow>(folder, row => Of(runs, row.RunId).Add(row));
        Each<RemarkRow>(folder, row => Of(runs, row.RunId).Add(row));
        return new ListedEnvironment(environment.Id, EnvironmentName.Of(environment), [.. runs.Values]);
    }

    private static ListedRun Of(SortedDictionary<string, ListedRun> runs, string runId)
    {
        if (!runs.TryGetValue(runId, out var run))
            runs.Add(runId, run = new ListedRun(runId));
        return run;
    }

    private static void Each<TRow>(string folder, Action<TRow> visit) where TRow : IResultRow
    {
        var path = Path.Combine(folder, TRow.FileName);
        if (!File.Exists(path))
            return;
        foreach (var (_, row) in RowFile.Rows<TRow>(path))
            visit(row);
    }
}
