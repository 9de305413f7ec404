using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Sets;

/// <summary>Result folders, read whole.</summary>
/// <param name="Environments">By environment id, in ordinal order.</param>
public sealed record ResultSet(IReadOnlyList<EnvironmentResults> Environments)
{
    /// <summary>Reads a folder of environments' folders, or one environment's folder (it has an environment.json).</summary>
    /// <exception cref="UserErrorException">The folder is missing or holds no environment, or a file in it is malformed; with
    /// file, line and column.</exception>
    public static ResultSet Load(string path)
    {
        var root = Path.GetFullPath(path);
        if (!Directory.Exists(root))
            throw new UserErrorException($"The folder {root} does not exist. Give a results folder, or an environment's folder in it.");
        string[] folders = [root, .. Directory.EnumerateDirectories(root)];
        var environments = folders.Where(folder => File.Exists(Path.Combine(folder, EnvironmentFile.FileName)))
            .Select(Environment).OrderBy(environment => environment.Environment.Id, StringComparer.Ordinal).ToList();
        return environments.Count > 0
            ? new ResultSet(environments)
            : throw new UserErrorException($"{root} holds no results: neither it nor a folder in it has an {EnvironmentFile.FileName}.");
    }

    private static EnvironmentResults Environment(string folder)
    {
        var store = new ResultStore(folder);
        var samples = store.Read<SampleRow>().GroupBy(CaseKey.Of)
            .ToDictionary(rows => rows.Key, rows => (IReadOnlyList<double>)[.. rows.OrderBy(row => row.SampleIndex).Select(row => row.ValueMs)]);
        return new EnvironmentResults
        {
            Folder = store.Folder,
            Environment = EnvironmentFile.Read(Path.Combine(folder, EnvironmentFile.FileName)),
            Cases = [.. store.Read<BenchmarkRow>().Select(row => new MeasuredCase(row, samples.GetValueOrDefault(CaseKey.Of(row), [])))],
            Epochs = store.Read<AccuracyRow>(),
            Runs = store.Read<RunRow>(),
            Remarks = store.Read<RemarkRow>(),
        };
    }
}
