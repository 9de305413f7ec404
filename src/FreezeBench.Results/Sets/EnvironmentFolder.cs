using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Sets;

/// <summary>Reads one environment's folder.</summary>
internal static class EnvironmentFolder
{
    /// <summary>The files of rows that a folder may hold.</summary>
    internal static IReadOnlyList<string> RowFiles { get; } = [BenchmarkRow.FileName, SampleRow.FileName, AccuracyRow.FileName, RunRow.FileName, RemarkRow.FileName, MlNetRow.FileName];

    /// <summary>Whether <paramref name="folder"/> holds any of our files.</summary>
    internal static bool HasResults(string folder) => File.Exists(Path.Combine(folder, EnvironmentFile.FileName)) || RowFileIn(folder) is not null;

    /// <summary>Reads everything in the folder.</summary>
    /// <param name="folder">A full path.</param>
    /// <param name="pool">Shared by the folders that are read together.</param>
    /// <exception cref="UserErrorException">A file is malformed, with file, line and column; or there are rows but no record of
    /// the machine that they are of.</exception>
    internal static EnvironmentResults Read(string folder, TextPool pool)
    {
        var record = Path.Combine(folder, EnvironmentFile.FileName);
        if (!File.Exists(record) && RowFileIn(folder) is { } orphan)
            throw new UserErrorException($"{folder} has {orphan} but no {EnvironmentFile.FileName}, so nobody knows what machine its rows are of. Restore {EnvironmentFile.FileName} from version control, or move the folder out of the results.");
        var environment = EnvironmentFile.Read(record);
        var rows = Rows<BenchmarkRow>(folder, pool);
        var keys = rows.ConvertAll(CaseKey.Of);
        var samples = Samples(folder, pool, rows, keys);
        return new EnvironmentResults
        {
            Folder = folder,
            Environment = environment,
            Cases = [.. rows.Zip(keys, (row, key) => new MeasuredCase(row, samples.GetValueOrDefault(key, [])))],
            Epochs = Rows<AccuracyRow>(folder, pool),
            Runs = Rows<RunRow>(folder, pool),
            Remarks = Rows<RemarkRow>(folder, pool),
            MlNetRounds = Rows<MlNetRow>(folder, pool),
        };
    }

    private static string? RowFileIn(string folder) => RowFiles.FirstOrDefault(name => File.Exists(Path.Combine(folder, name)));

    private static Dictionary<CaseKey, double[]> Samples(string folder, TextPool pool, List<BenchmarkRow> rows, List<CaseKey> keys)
    {
        var path = Path.Combine(folder, SampleRow.FileName);
        if (!File.Exists(path))
            return [];
        Dictionary<CaseKey, int> expected = [];
        foreach (var (row, key) in rows.Zip(keys))
            expected[key] = row.SampleCount;
        return SampleFile.Read(path, pool, expected);
    }

    private static List<TRow> Rows<TRow>(string folder, TextPool pool) where TRow : IResultRow
    {
        List<TRow> rows = [];
        var path = Path.Combine(folder, TRow.FileName);
        if (!File.Exists(path))
            return rows;
        using var reader = new RowReader<TRow>(path, pool);
        while (reader.Next())
            rows.Add(reader.Row());
        rows.TrimExcess();
        return rows;
    }
}
