using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Merging;

/// <summary>All that the target lacks of one environment.</summary>
internal sealed record EnvironmentPlan
{
    internal required string Folder { get; init; }

    /// <summary>environment.json as it will be; null where it stays as it is.</summary>
    internal required byte[]? Record { get; init; }

    internal required FilePlan<SampleRow> Samples { get; init; }

    internal required FilePlan<BenchmarkRow> Benchmarks { get; init; }

    internal required FilePlan<AccuracyRow> Epochs { get; init; }

    internal required FilePlan<RunRow> Runs { get; init; }

    internal required FilePlan<RemarkRow> Remarks { get; init; }

    internal required FilePlan<MlNetRow> MlNetRounds { get; init; }

    internal required MergedEnvironment Outcome { get; init; }

    /// <summary>Compares the target's folder of an environment with the sources' folders of it; writes nothing.</summary>
    /// <exception cref="UserErrorException">A file is malformed, or rows or facts contradict each other.</exception>
    internal static EnvironmentPlan Of(string folder, IReadOnlyList<SourceFolder> sources)
    {
        var (record, differences) = RecordOf(folder, sources);
        var isNew = !SourceFolder.Describes(folder);
        var (samples, benchmarks) = (FilePlan<SampleRow>.Of(folder, sources), FilePlan<BenchmarkRow>.Of(folder, sources));
        var (epochs, runs) = (FilePlan<AccuracyRow>.Of(folder, sources), FilePlan<RunRow>.Of(folder, sources));
        var (remarks, rounds) = (FilePlan<RemarkRow>.Of(folder, sources), FilePlan<MlNetRow>.Of(folder, sources));
        return new EnvironmentPlan
        {
            Folder = folder,
            Record = record,
            Samples = samples,
            Benchmarks = benchmarks,
            Epochs = epochs,
            Runs = runs,
            Remarks = remarks,
            MlNetRounds = rounds,
            Outcome = new MergedEnvironment
            {
                EnvironmentId = sources[0].Environment.Id,
                IsNew = isNew,
                RecordChanged = record is not null,
                Benchmarks = benchmarks.Rows.Count,
                Samples = samples.Rows.Count,
                Epochs = epochs.Rows.Count,
                RunEnds = runs.Rows.Count,
                Remarks = remarks.Rows.Count,
                MlNetRounds = rounds.Rows.Count,
                RunIds = [.. Ids(benchmarks.Rows).Concat(Ids(samples.Rows)).Concat(Ids(epochs.Rows)).Concat(Ids(runs.Rows)).Concat(Ids(remarks.Rows)).Concat(Ids(rounds.Rows)).Distinct().Order(StringComparer.Ordinal)],
                Differences = differences,
            },
        };
    }

    /// <summary>Appends the rows, while the caller holds the folder's lock.</summary>
    internal void Write()
    {
        // The record first: rows without one are worth nothing. Samples before summaries, and epochs before ends, as the programs
        // write them; after a crash in between, merging again adds the rest.
        if (Record is not null)
            ResultStore.Replace(Path.Combine(Folder, EnvironmentFile.FileName), stream => stream.Write(Record));
        ResultStore.AppendUnderLock(Folder, Samples.Rows);
        ResultStore.AppendUnderLock(Folder, Benchmarks.Rows);
        ResultStore.AppendUnderLock(Folder, Epochs.Rows);
        ResultStore.AppendUnderLock(Folder, Runs.Rows);
        ResultStore.AppendUnderLock(Folder, MlNetRounds.Rows);
        ResultStore.AppendUnderLock(Folder, Remarks.Rows);
    }

    private static (byte[]? Bytes, IReadOnlyList<string> Differences) RecordOf(string folder, IReadOnlyList<SourceFolder> sources)
    {
        var path = Path.Combine(folder, EnvironmentFile.FileName);
        var recorded = File.Exists(path) ? EnvironmentFile.Read(path) : sources[0].Environment;
        var before = File.Exists(path) ? EnvironmentFile.Render(recorded) : null;
        List<string> differences = [];
        foreach (var source in sources)
        {
            // Equal ids are equal hashes of eight digits; unequal facts behind them are rare and not impossible.
            if (EnvironmentId.Canonical(recorded) is var canonical && canonical != EnvironmentId.Canonical(source.Environment))
                throw new UserErrorException($"{Path.Combine(source.Folder, EnvironmentFile.FileName)} has the id {source.Environment.Id} and other facts than {path}: {Facts(source.Environment)} against {Facts(recorded)}. Keep the two in results folders of their own. Nothing was merged.");
            (recorded, var differing) = EnvironmentFile.CompletedRecord(recorded, source.Environment);
            differences.AddRange(differing);
        }
        var bytes = EnvironmentFile.Render(recorded);
        return (before is not null && bytes.AsSpan().SequenceEqual(before) ? null : bytes, [.. differences.Distinct()]);
    }

    private static string Facts(EnvironmentRecord record) => EnvironmentId.Canonical(record).TrimEnd('\n').Replace("\n", ", ", StringComparison.Ordinal);

    private static IEnumerable<string> Ids<TRow>(IReadOnlyList<TRow> rows) where TRow : IResultRow => rows.Select(row => row.RunId);
}
