using System.Globalization;
using FreezeBench.Results.Comparison;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;

namespace FreezeBench.Results.Ranking;

/// <summary>The wording that all texts of a ranking share.</summary>
internal static class RankingLines
{
    /// <summary>What it is: the first line.</summary>
    internal static string Headline(MachineRanking ranking)
    {
        var ranked = ranking.Overall.Where(entry => entry.Rank is not null).ToList();
        var machines = ranked.Select(entry => entry.Contender.Machine.Ids[0]).Distinct().Count();
        string?[] of = [ranking.Kind == ComparisonKind.Machines ? null : $"on {ranking.Overall[0].Contender.Machine.Name}", ranking.Kind == ComparisonKind.Frameworks ? null : ranking.Options.Framework, ranking.Options.Kernels is { } kernels ? $"{kernels.Word()} kernels" : null];
        // A machine that several sides measured is one.
        var what = ranking.Kind != ComparisonKind.Machines ? $"{Whole(ranked.Count)} {What(ranking)}s"
            : $"{Whole(machines)} {(machines == 1 ? "machine" : "machines")}{(machines < ranked.Count ? $" on {Whole(ranked.Count)} sides" : "")}";
        return $"{what} by workload, the fastest first{string.Concat(of.OfType<string>().Select(word => $", {word}"))}{(ranking.Libtorch is { } versions ? $": {versions}" : "")}.";
    }

    /// <summary>What is ranked, in a word.</summary>
    internal static string What(MachineRanking ranking) => ranking.Kind switch { ComparisonKind.Frameworks => "framework", ComparisonKind.Setups => "set-up", _ => "machine" };

    /// <summary>Who is first, and by how much.</summary>
    internal static string Answer(MachineRanking ranking)
    {
        var first = ranking.Overall[0];
        var second = ranking.Overall.Skip(1).FirstOrDefault(entry => entry.ToFirst is not null);
        if (second?.ToFirst is not { } ratio)
            return $"No whole epoch or step of two {What(ranking)}s can be compared.";
        var over = string.Create(CultureInfo.InvariantCulture, $"Geometric mean over {ratio.Cases.Count} {ratio.Over}, bounds at {ComparisonText.Percent(ratio.Ratio.Confidence)}.");
        return ratio.Ratio.Lower > 1
            ? $"{first.Contender.Name} is {ComparisonText.Bounded(ratio.Ratio)} as fast as {second.Contender.Name}. {over}"
            : $"{first.Contender.Name} and {second.Contender.Name} cannot be told apart: {ComparisonText.Bounded(ratio.Ratio)}. {over}";
    }

    /// <summary>Sentences under the tables.</summary>
    internal static IEnumerable<string> Notes(MachineRanking ranking)
    {
        yield return "A ratio is the time divided by that of the first. Those with one rank cannot be told apart: their bounds reach 1.";
        foreach (var remark in ranking.Remarks)
            yield return remark;
        foreach (var entry in ranking.Overall.Where(entry => entry.Rank is null))
            yield return $"{entry.Contender.Name} has no rank: it shares no workload with the others.";
        foreach (var entry in ranking.Overall.Where(entry => entry is { Rank: > 1, ToFirst: null }))
            yield return $"{entry.Contender.Name} shares no workload with {ranking.Overall[0].Contender.Name}: its place comes from those that both share with others.";
        if (ranking.Workloads.Any(workload => workload.Times.Any(time => time.Runs.Side.RunIds.Count == 1)))
            yield return $"Some have one run alone: the bounds then suppose a spread from run to run of {ComparisonText.Percent(ranking.Options.Comparison.LaunchNoise)}. Measure three runs on each machine or more.";
        if (ranking.Workloads.Any(workload => workload.Times.Any(time => time.Runs.Side.Dirty)))
            yield return "* dirty: the working tree differed from its commit, or nobody knows.";
        if (ranking.Workloads.Any(workload => workload.Times.Any(time => time.Runs.Side.Disturbed)))
            yield return $"‡ disturbed, and in no mean: {Disturbance.Words}.";
        if (ranking.Workloads.SelectMany(workload => workload.Times).SelectMany(time => time.Runs.Side.LeftOutRuns).Distinct().Order(StringComparer.Ordinal).ToList() is { Count: > 0 } leftOut)
            yield return $"Left out, because {Disturbance.Words}: rows of {string.Join(", ", leftOut)}.";
        if (ranking.Unshared > 0)
            yield return $"Not listed: {Whole(ranking.Unshared)} {(ranking.Unshared == 1 ? "workload" : "workloads")} that one {What(ranking)} alone has.";
        if (!ranking.Options.Parts)
            yield return "Whole epochs and steps alone; --parts lists their parts too.";
    }

    /// <summary>The workloads in groups that share a heading.</summary>
    internal static IEnumerable<(string Heading, IReadOnlyList<RankedWorkload> Workloads)> Groups(MachineRanking ranking) => ranking.Workloads
        .GroupBy(workload => PairTables.TableOf(workload.Settings)).OrderBy(group => PairTables.Order(group.Key)).ThenBy(group => group.Key.Key, StringComparer.Ordinal)
        .Select(group => (PairTables.Heading(group.Key), (IReadOnlyList<RankedWorkload>)[.. group.OrderByDescending(workload => workload.Settings.IsWhole).ThenByDescending(workload => workload.Times[0].Runs.Side.CentreMs)]));

    /// <summary>The ratio's text; 1 for the first.</summary>
    internal static string Ratio(BoundedEstimate? ratio, bool isFirst) => isFirst ? "1" : ComparisonText.Bounded(ratio);

    internal static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Runs of a contender in all listed workloads.</summary>
    internal static int Runs(MachineRanking ranking, Contender contender) => ranking.Workloads.SelectMany(workload => workload.Times)
        .Where(time => ReferenceEquals(time.Contender, contender)).SelectMany(time => time.Runs.Side.RunIds).Distinct().Count();
}
