using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Sets;

/// <summary>Reads one environment's folder.</summary>
internal static class EnvironmentFolder
{
    /// <summary>The files of rows that a folder may hold.</summary>
    internal static IReadOnlyList<string> RowFiles { get; } = [BenchmarkRow.FileName, SampleRow.FileName, AccuracyRow.FileName, RunRow.FileName, RemarkRow.FileName, ClassRow.FileName, MlNetRow.FileName, PerClassRow.FileName];

    /// <summary>The folder of a results folder for environments that count no more: what is in it is checked, and read by nobody else who is not asked for it by name.</summary>
    internal const string Archive = "archive";

    internal static bool IsArchive(string folder) => Path.GetFileName(folder) == Archive;

    /// <summary>Whether <paramref name="folder"/> holds any of our files.</summary>
    internal static bool HasResults(string folder) => File.Exists(Path.Combine(folder, EnvironmentFile.FileName)) || RowFileIn(folder) is not null || FolderCommit.IsThere(folder);

    /// <param name="folder">A full path.</param>
    /// <param name="pool">Shared by the folders that are read together.</param>
    /// <exception cref="UserErrorException">A file is malformed, with file, line and column; or there are rows but no record of
    /// the machine that they are of.</exception>
    internal static EnvironmentResults Read(string folder, TextPool pool)
    {
        var environment = ReadRecord(folder);
        using var files = FolderSnapshot.Open(folder, RowFiles);
        var rows = Rows<BenchmarkRow>(files, pool);
        var keys = rows.ConvertAll(CaseKey.Of);
        var samples = Samples(files, pool, rows, keys);
        return new EnvironmentResults
        {
            Folder = folder,
            Environment = environment,
            Cases = [.. rows.Zip(keys, (row, key) => new MeasuredCase(row, samples.GetValueOrDefault(key, [])))],
            Epochs = Rows<AccuracyRow>(files, pool),
            Runs = Rows<RunRow>(files, pool),
            Remarks = Rows<RemarkRow>(files, pool),
            PerClass = Rows<PerClassRow>(files, pool),
            MlNetRounds = Rows<MlNetRow>(files, pool),
        };
    }

    /// <summary>The record of the folder's environment.</summary>
    /// <exception cref="UserErrorException">It is malformed, or there are rows but no record.</exception>
    internal static EnvironmentRecord ReadRecord(string folder) => FolderCommit.Read(folder, EnvironmentFile.FileName, path =>
        // The rows first: who writes a folder's first ones has written its record before.
        RowFileIn(folder) is { } orphan && !File.Exists(path)
            ? throw new UserErrorException($"{folder} has {orphan} but no {EnvironmentFile.FileName}, so nobody knows what machine its rows are of. Restore {EnvironmentFile.FileName} from version control, or move the folder out of the results.")
            : EnvironmentFile.Read(path));

    private static string? RowFileIn(string folder) => RowFiles.FirstOrDefault(name => File.Exists(Path.Combine(folder, name)));

    private static Dictionary<CaseKey, double[]> Samples(FolderSnapshot files, TextPool pool, List<BenchmarkRow> rows, List<CaseKey> keys)
    {
        using var reader = files.Reader<SampleRow>(pool);
        if (reader is null)
            return [];
        Dictionary<CaseKey, int> expected = [];
        foreach (var (row, key) in rows.Zip(keys))
            expected[key] = row.SampleCount;
        return SampleFile.Read(reader, expected);
    }

    private static List<TRow> Rows<TRow>(FolderSnapshot files, TextPool pool) where TRow : IResultRow
    {
        List<TRow> rows = [];
        using var reader = files.Reader<TRow>(pool);
        while (reader?.Next() == true)
            rows.Add(reader.Row());
        rows.TrimExcess();
        return rows;
    }
}
