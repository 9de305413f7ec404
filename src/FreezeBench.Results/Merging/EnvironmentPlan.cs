using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Verification;

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

    internal required FilePlan<ClassRow> Classes { get; init; }

    internal required FilePlan<PerClassRow> PerClass { get; init; }

    internal required FilePlan<MlNetRow> MlNetRounds { get; init; }

    /// <summary>verification.json as it will be; null where it stays as it is.</summary>
    internal required DeviceVerification? Verification { get; init; }

    internal required MergedEnvironment Outcome { get; init; }

    /// <summary>Compares the target's folder of an environment with the sources' folders of it; writes nothing.</summary>
    /// <param name="folder">Of the target; it may be missing.</param>
    /// <param name="sources">Folders of the same environment; each is seen as it was at one moment.</param>
    /// <param name="locked">Whether the caller holds the target's lock.</param>
    /// <exception cref="UserErrorException">A file is malformed, or rows or facts contradict each other.</exception>
    internal static EnvironmentPlan Of(string folder, IReadOnlyList<SourceFolder> sources, bool locked = false)
    {
        using var files = new OpenFolders(folder, sources, locked);
        var (record, differences) = RecordOf(folder, sources);
        var isNew = !SourceFolder.Describes(folder);
        var (samples, benchmarks) = (FilePlan<SampleRow>.Of(files), FilePlan<BenchmarkRow>.Of(files));
        var (epochs, runs) = (FilePlan<AccuracyRow>.Of(files), FilePlan<RunRow>.Of(files));
        var (remarks, classes) = (FilePlan<RemarkRow>.Of(files), FilePlan<ClassRow>.Of(files));
        var (perClass, rounds) = (FilePlan<PerClassRow>.Of(files), FilePlan<MlNetRow>.Of(files));
        var verification = VerificationPlan.Newer(folder, sources);
        return new EnvironmentPlan
        {
            Folder = folder,
            Record = record,
            Samples = samples,
            Benchmarks = benchmarks,
            Epochs = epochs,
            Runs = runs,
            Remarks = remarks,
            Classes = classes,
            PerClass = perClass,
            MlNetRounds = rounds,
            Verification = verification,
            Outcome = new MergedEnvironment
            {
                EnvironmentId = sources[0].Environment.Id,
                IsNew = isNew,
                RecordChanged = record is not null,
                VerificationChanged = verification is not null,
                Benchmarks = benchmarks.Rows.Count,
                Samples = samples.Rows.Count,
                Epochs = epochs.Rows.Count,
                RunEnds = runs.Rows.Count,
                Remarks = remarks.Rows.Count,
                Classes = classes.Rows.Count,
                PerClass = perClass.Rows.Count,
                MlNetRounds = rounds.Rows.Count,
                RunIds = [.. Ids(benchmarks.Rows).Concat(Ids(samples.Rows)).Concat(Ids(epochs.Rows)).Concat(Ids(runs.Rows)).Concat(Ids(remarks.Rows)).Concat(Ids(rounds.Rows)).Distinct().Order(StringComparer.Ordinal)],
                Differences = differences,
            },
        };
    }

    /// <summary>Appends the rows, all in one step, while the caller holds the folder's lock.</summary>
    internal void Write()
    {
        List<(string, Action<Stream>)> files =
        [
            .. ResultStore.Added(Folder, Samples.Rows), .. ResultStore.Added(Folder, Benchmarks.Rows), .. ResultStore.Added(Folder, Epochs.Rows),
            .. ResultStore.Added(Folder, Runs.Rows), .. ResultStore.Added(Folder, Remarks.Rows), .. ResultStore.Added(Folder, Classes.Rows),
            .. ResultStore.Added(Folder, PerClass.Rows), .. ResultStore.Added(Folder, MlNetRounds.Rows),
        ];
        if (Record is { } record)
            files.Add((EnvironmentFile.FileName, stream => stream.Write(record)));
        if (Verification is { } verification)
            files.Add((VerificationFile.FileName, stream => stream.Write(VerificationFile.Render(verification))));
        if (files.Count > 0)
            FolderCommit.Write(Folder, files);
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
