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
        Add<BenchmarkRow>(rows, runs);
        Add<SampleRow>(rows, runs);
        Add<AccuracyRow>(rows, runs);
        Add<RunRow>(rows, runs);
        Add<MlNetRow>(rows, runs);
        Add<RemarkRow>(rows, runs);
        return new ListedEnvironment(rows.Environment.Id, EnvironmentName.Of(rows.Environment), [.. runs.Values]);
    }

    private static void Add<TRow>(EnvironmentRows rows, SortedDictionary<string, ListedRun> runs) where TRow : IResultRow
    {
        foreach (var row in rows.Of<TRow>())
        {
            if (!runs.TryGetValue(row.RunId, out var run))
                runs.Add(row.RunId, run = new ListedRun(row.RunId));
            run.Add(row);
        }
    }
}
