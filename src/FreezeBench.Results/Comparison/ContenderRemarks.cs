using System.Globalization;

namespace FreezeBench.Results.Comparison;

/// <summary>What a reader should know of contenders whose workloads alone are equal: sentences.</summary>
internal static class ContenderRemarks
{
    /// <summary>Ids that were joined, the commits that were chosen, and what differs in the way and in the software.</summary>
    /// <param name="contenders">Two or more.</param>
    /// <param name="workloads">Those that get a ratio.</param>
    /// <param name="options">Thresholds.</param>
    internal static IReadOnlyList<string> Of(IReadOnlyList<Contender> contenders, IReadOnlyList<WorkloadRuns> workloads, ComparisonOptions options)
    {
        List<string> remarks = [.. contenders.Select(contender => contender.Machine.JoinedNote).OfType<string>().Distinct()];
        remarks.AddRange(Commits(contenders, workloads));
        string[] differences = [.. ContenderFacts.Differing(contenders, workloads).Select(fact => $"{fact.Name} ({Told(contenders, fact.Values)})")];
        remarks.AddRange(contenders.SelectMany((contender, place) => NodeRemarks.Of(contender.Name,
            [.. workloads.Where(workload => workload.Runs[place] is not null).Select(workload => (workload.Settings, workload.Runs[place]!.Runs))], options)));
        if (differences.Length > 0)
            remarks.Add($"What else differs: {string.Join(", ", differences)}.");
        return remarks;
    }

    /// <summary>Of two contenders the two values in their order; of more, each value with those that have it.</summary>
    private static string Told(IReadOnlyList<Contender> contenders, IReadOnlyList<string> values)
    {
        var known = values.Select(value => value.Length > 0 ? value : "unknown").ToList();
        return contenders.Count == 2 ? string.Join(" and ", known)
            : string.Join("; ", contenders.Zip(known).GroupBy(pair => pair.Second).Select(group => $"{group.Key}: {string.Join(" and ", group.Select(pair => pair.First.Name))}"));
    }

    /// <summary>One sentence for each set of commits: of two that differ, one code may be faster than the other.</summary>
    private static IEnumerable<string> Commits(IReadOnlyList<Contender> contenders, IReadOnlyList<WorkloadRuns> workloads)
    {
        foreach (var group in workloads.GroupBy(workload => string.Join('\n', workload.Runs.Select(runs => runs?.Commit))).OrderByDescending(group => group.Count()))
        {
            var told = contenders.Zip(group.First().Runs).Where(pair => pair.Second is not null).Select(pair => (pair.First.Name, Runs: pair.Second!)).ToList();
            var cases = group.Count() == workloads.Count ? "All cases" : string.Create(CultureInfo.InvariantCulture, $"{group.Count()} of {workloads.Count} cases");
            if (told.Select(pair => pair.Runs.Commit).Distinct().Count() == 1)
                yield return $"{cases}: commit {Commit.Short(told[0].Runs.Commit)}.";
            else
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"{cases}: {string.Join(", ", told.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Name} at commit {Commit.Short(pair.Runs.Commit)} of {pair.Runs.UtcTime:yyyy-MM-dd}")))}: the code may have become faster in between.");
        }
    }
}
