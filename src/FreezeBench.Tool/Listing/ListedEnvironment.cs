using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Tool.Listing;

/// <summary>What one environment's folder holds, by invocation; read row by row.</summary>
/// <param name="Id">The environment id.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Runs">By run id in ordinal order.</param>
internal sealed record ListedEnvironment(string Id, string Name, IReadOnlyList<ListedRun> Runs)
{
    /// <summary>The environments of a results folder, or of an environment's folder, by id.</summary>
    /// <exception cref="UserErrorException">The folder is missing or holds no environment, or a file in it is malformed.</exception>
    internal static IReadOnlyList<ListedEnvironment> Of(string path) =>
        [.. EnvironmentRows.Folders(path).Select(Read).OrderBy(item => item.Id, StringComparer.Ordinal)];

    private static ListedEnvironment Read(string folder)
    {
        using var rows = EnvironmentRows.Open(folder);
        SortedDictionary<string, ListedRun> runs = new(StringComparer.Ordinal);
        foreach (var row in rows.Of<BenchmarkRow>())
            Of(runs, row.RunId).Add(row);
        foreach (var row in rows.Of<SampleRow>())
            Of(runs, row.RunId).Add(row);
        foreach (var row in rows.Of<AccuracyRow>())
            Of(runs, row.RunId).Add(row);
        foreach (var row in rows.Of<RunRow>())
            Of(runs, row.RunId).Add(row);
        foreach (var row in rows.Of<MlNetRow>())
            Of(runs, row.RunId).Add(row);
        foreach (var row in rows.Of<RemarkRow>())
            Of(runs, row.RunId).Add(row);
        return new ListedEnvironment(rows.Environment.Id, EnvironmentName.Of(rows.Environment), [.. runs.Values]);
    }

    private static ListedRun Of(SortedDictionary<string, ListedRun> runs, string runId)
    {
        if (!runs.TryGetValue(runId, out var run))
            runs.Add(runId, run = new ListedRun(runId));
        return run;
    }
}
