using FreezeBench.Results;
using FreezeBench.Results.Rows;

namespace FreezeBench.Tool.Cells;

/// <summary>What a person has said of merged runs (<c>freezebench remark</c>): it stands nowhere but in the results, which each merge makes anew.</summary>
internal static class MergedRemarks
{
    // Beside the environments' folders: a remark on a run that is not among the rows is a fault there.
    private const string KeptBegin = ".remarks-", KeptEnd = ".csv";

    /// <summary>Takes them over: beside the rows of their runs, and those on runs that are missing this time into a file of their own, for the merge that has the runs again.</summary>
    /// <param name="results">The results so far.</param>
    /// <param name="made">The new ones.</param>
    /// <exception cref="UserErrorException">Remarks cannot be read.</exception>
    internal static void Keep(string results, string made)
    {
        foreach (var environment in Environments(results))
        {
            var remarks = new[] { Path.Combine(results, environment, RemarkRow.FileName), KeptOf(results, environment) }.Where(File.Exists).SelectMany(path => Read(path, results)).Distinct().ToList();
            var store = new ResultStore(Path.Combine(made, environment));
            var runs = Directory.Exists(store.Folder) ? store.Read<BenchmarkRow>().Select(row => row.RunId).Concat(store.Read<AccuracyRow>().Select(row => row.RunId)).ToHashSet(StringComparer.Ordinal) : [];
            foreach (var remark in remarks.Where(remark => runs.Contains(remark.RunId)))
                store.AppendUnless(remark, there => there.Contains(remark));
            Write([.. remarks.Where(remark => !runs.Contains(remark.RunId))], KeptOf(made, environment));
        }
    }

    private static IReadOnlyList<string> Environments(string results) => !Directory.Exists(results) ? [] :
    [
        .. Directory.EnumerateDirectories(results).Where(folder => File.Exists(Path.Combine(folder, RemarkRow.FileName))).Select(folder => Path.GetFileName(folder))
            .Union(Directory.EnumerateFiles(results, $"{KeptBegin}*{KeptEnd}").Select(file => Path.GetFileName(file)[KeptBegin.Length..^KeptEnd.Length])).Order(StringComparer.Ordinal),
    ];

    private static string KeptOf(string results, string environment) => Path.Combine(results, $"{KeptBegin}{environment}{KeptEnd}");

    private static IReadOnlyList<RemarkRow> Read(string path, string results)
    {
        try
        {
            return ResultStore.Read<RemarkRow>(path);
        }
        catch (UserErrorException error)
        {
            throw new UserErrorException($"{error.Message}\nThese remarks would be lost: restore {path}, or move it away, and merge again. Everything else in {results} is made from the cells.", error);
        }
    }

    private static void Write(IReadOnlyList<RemarkRow> remarks, string path)
    {
        if (remarks.Count == 0)
            return;
        var folder = Directory.CreateDirectory(path + AtomicFile.TemporaryEnd).FullName;
        new ResultStore(folder).Append(remarks);
        File.Move(Path.Combine(folder, RemarkRow.FileName), path);
        Directory.Delete(folder, recursive: true);
    }
}
