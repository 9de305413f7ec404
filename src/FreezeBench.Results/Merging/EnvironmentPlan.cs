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

    internal required IReadOnlyList<FilePlan> Files { get; init; }

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
        var plans = FilePlan.All(files);
        var verification = VerificationPlan.Newer(folder, sources);
        return new EnvironmentPlan
        {
            Folder = folder,
            Record = record,
            Files = plans,
            Verification = verification,
            Outcome = new MergedEnvironment
            {
                EnvironmentId = sources[0].Environment.Id,
                IsNew = isNew,
                RecordChanged = record is not null,
                VerificationChanged = verification is not null,
                Rows = [.. plans.Select(plan => (plan.File, plan.RunIds.Count))],
                RunIds = [.. plans.SelectMany(plan => plan.RunIds).Distinct().Order(StringComparer.Ordinal)],
                Differences = differences,
            },
        };
    }

    /// <summary>Appends the rows, all in one step, while the caller holds the folder's lock.</summary>
    internal void Write()
    {
        List<(string, Action<Stream>)> files = [.. Files.SelectMany(plan => plan.Written(Folder))];
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
}
