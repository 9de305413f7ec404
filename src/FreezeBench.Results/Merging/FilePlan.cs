using System.Globalization;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Merging;

/// <summary>What one file of the target lacks.</summary>
/// <param name="File">Its name.</param>
/// <param name="RunIds">Of each row that it lacks.</param>
/// <param name="Written">What <see cref="FolderCommit"/> writes into a folder so that the rows are added; nothing where there are none.</param>
internal sealed record FilePlan(string File, IReadOnlyList<string> RunIds, Func<string, IEnumerable<(string Name, Action<Stream> Write)>> Written)
{
    /// <summary>Of every file that a folder may hold.</summary>
    /// <exception cref="UserErrorException">A file is malformed, or two files have the same row with other values.</exception>
    internal static IReadOnlyList<FilePlan> All(OpenFolders folders) =>
    [
        Of<BenchmarkRow>(folders), Of<SampleRow>(folders), Of<AccuracyRow>(folders), Of<RunRow>(folders), Of<RemarkRow>(folders), Of<ClassRow>(folders), Of<PerClassRow>(folders), Of<MlNetRow>(folders),
    ];

    private static FilePlan Of<TRow>(OpenFolders folders) where TRow : IResultRow
    {
        var rows = MissingRows<TRow>.Of(folders);
        return new FilePlan(TRow.FileName, [.. rows.Select(row => row.RunId)], folder => ResultStore.Added(folder, rows));
    }
}

/// <summary>Finds the rows of one file.</summary>
internal static class MissingRows<TRow> where TRow : IResultRow
{
    /// <summary>Finds the rows that the sources have and the target lacks.</summary>
    /// <param name="folders">Of the same environment.</param>
    /// <returns>In the order in which they are appended.</returns>
    internal static IReadOnlyList<TRow> Of(OpenFolders folders)
    {
        var target = folders.Target?.Folder;
        Dictionary<RowKey, Placed> known = [];
        foreach (var placed in Read(folders.Target))
            known.TryAdd(placed.Key, placed);
        List<Contribution> contributions = [];
        foreach (var (index, source) in folders.Sources.Index())
        {
            Dictionary<string, Contribution> runs = new(StringComparer.Ordinal);
            foreach (var placed in Read(source))
            {
                if (known.TryGetValue(placed.Key, out var there))
                {
                    Refuse(there, placed);
                    // What another source brings counts in both, so that the order of the sources decides nothing.
                    if (there.FromTarget(target))
                        continue;
                }
                else
                    known.Add(placed.Key, placed);
                var runId = placed.Row.RunId;
                if (!runs.TryGetValue(runId, out var run))
                    contributions.Add(runs[runId] = run = new Contribution(runId, index, []));
                run.Rows.Add(placed);
            }
        }
        return InOrder(contributions);
    }

    /// <summary>By run id, which is by time. Of a run that two sources have, the one with more of it leads.</summary>
    private static List<TRow> InOrder(List<Contribution> contributions)
    {
        HashSet<RowKey> added = [];
        List<TRow> rows = [];
        foreach (var run in contributions.OrderBy(item => item.RunId, StringComparer.Ordinal).ThenByDescending(item => item.Rows.Count)
            .ThenBy(item => item.Rows[0].Key.ToString(), StringComparer.Ordinal).ThenBy(item => item.Source))
            rows.AddRange(run.Rows.Where(placed => added.Add(placed.Key)).Select(placed => placed.Row));
        return rows;
    }

    private static IEnumerable<Placed> Read(FolderSnapshot? files) =>
        files is null ? [] : files.Rows<TRow>().Select(item => new Placed(RowKey.Of(item.Row), item.Row, files.Folder, item.Line));

    /// <summary>Refuses a row that is there with other values. Bringing a file to today's columns leaves its rows' version and values as
    /// they are, so a row of an old file still equals its copy in a newer one.</summary>
    private static void Refuse(Placed there, Placed again)
    {
        var difference = CellDifference.Between(there.Row, again.Row).FirstOrDefault();
        if (difference is not null)
        {
            throw new UserErrorException(string.Create(CultureInfo.InvariantCulture,
                $"{again.Path}, line {again.Line}, column {difference.Column}: it is {difference.Right}, but the same row in {there.Path}, line {there.Line}, has {difference.Left}. One of the two was edited after measuring: restore it from version control. Nothing was merged."));
        }
    }

    /// <summary>A row with its key and place.</summary>
    private sealed record Placed(RowKey Key, TRow Row, string Folder, long Line)
    {
        internal string Path => System.IO.Path.Combine(Folder, TRow.FileName);

        internal bool FromTarget(string? target) => Folder == target;
    }

    /// <summary>What one source has of a run.</summary>
    private sealed record Contribution(string RunId, int Source, List<Placed> Rows);
}
