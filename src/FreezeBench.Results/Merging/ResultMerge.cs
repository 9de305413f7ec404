using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Merging;

/// <summary>Copies rows of other machines' result folders into one results folder. Rows are only added; merging again adds nothing.</summary>
/// <remarks>Rows go behind those that are there, by run id. So one merge of several sources gives the same bytes in whatever order they
/// are named; several merges give the same rows, in the order of the merges.</remarks>
public static class ResultMerge
{
    private static readonly TimeSpan lockPatience = TimeSpan.FromSeconds(30);

    /// <summary>Merges, or says what merging would add.</summary>
    /// <param name="sources">Results folders or environments' folders, one or more, without errors (<c>freezebench check</c>).</param>
    /// <param name="target">A results folder; made if it is missing.</param>
    /// <param name="dryRun">Whether nothing is written.</param>
    /// <exception cref="UserErrorException">A folder cannot be merged, a file is malformed, or rows contradict each other; then nothing
    /// was written.</exception>
    public static MergeOutcome Run(IReadOnlyList<string> sources, string target, bool dryRun)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sources.Count);
        var root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        if (SourceFolder.Describes(root))
            throw new UserErrorException($"The target {target} is an environment's folder. Give the results folder above it: each environment goes to a folder of its own in it.");
        foreach (var source in sources)
            RefuseOverlap(source, root);

        var environments = sources.SelectMany(SourceFolder.Of).GroupBy(source => source.Environment.Id).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (Folder: Path.Combine(root, group.Key), Sources: InOrder(group))).ToList();
        // Everything is planned before anything is written, without a lock: a refused merge leaves no lock file either.
        List<MergedEnvironment> outcomes = [.. environments.Select(environment => EnvironmentPlan.Of(environment.Folder, environment.Sources).Outcome)];
        if (!dryRun)
        {
            foreach (var (environment, outcome) in environments.Zip(outcomes))
            {
                if (outcome.HasNews)
                    Write(environment.Folder, environment.Sources);
            }
        }
        return new MergeOutcome(outcomes);
    }

    private static void Write(string folder, IReadOnlyList<SourceFolder> sources)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using var held = FolderLock.Take(folder, lockPatience);
            // Planned again: until the lock was taken another program may have added rows.
            EnvironmentPlan.Of(folder, sources, locked: true).Write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"{folder} cannot be written: {error.Message} Make room, or see that it may be written, and merge again; what is there already is not added twice.", error);
        }
    }

    /// <summary>An order that the command line does not decide, because the first known value of a fact stays.</summary>
    private static List<SourceFolder> InOrder(IEnumerable<SourceFolder> sources) =>
        [.. sources.OrderBy(source => Convert.ToHexString(EnvironmentFile.Render(source.Environment)), StringComparer.Ordinal)];

    private static void RefuseOverlap(string source, string target)
    {
        var (from, into) = (WithSeparator(Real(source)), WithSeparator(Real(target)));
        if (from.StartsWith(into, StringComparison.Ordinal) || into.StartsWith(from, StringComparison.Ordinal))
            throw new UserErrorException($"The source {source} and the target {target} are the same folder, or one lies in the other. Merge from a copy elsewhere.");
    }

    private static string Real(string path)
    {
        var full = Path.GetFullPath(path);
        return Directory.Exists(full) && new DirectoryInfo(full).ResolveLinkTarget(returnFinalTarget: true) is { } link ? link.FullName : full;
    }

    private static string WithSeparator(string path) => Path.TrimEndingDirectorySeparator(path) + Path.DirectorySeparatorChar;
}
