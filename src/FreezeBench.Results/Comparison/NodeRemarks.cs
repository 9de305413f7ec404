using System.Globalization;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Comparison;

/// <summary>Twin machines of one environment: whether one of them is slower than the others.</summary>
internal static class NodeRemarks
{
    /// <summary>The nodes of one machine's runs, and which of them is slow; nothing where there is one node, or nobody knows.</summary>
    /// <param name="name">What people call the machine.</param>
    /// <param name="cases">The runs of each case.</param>
    /// <param name="options">Thresholds of the comparison that the runs are in.</param>
    internal static IEnumerable<string> Of(string name, IReadOnlyList<(CaseSettings Settings, IReadOnlyList<MeasuredCase> Runs)> cases, ComparisonOptions options)
    {
        var nodes = NodesOf(cases.SelectMany(entry => entry.Runs));
        if (nodes.Count < 2)
            yield break;
        yield return $"{name} was measured on {nodes.Count.ToString(CultureInfo.InvariantCulture)} nodes: {string.Join(", ", nodes.Select(node => $"{node} (n = {RunsOf(cases, node)})"))}.";
        // The spread within a node: that between them is what is asked for.
        var spread = LaunchSpread.OfRuns(cases.SelectMany(entry => entry.Runs.GroupBy(run => run.Row.Node)).Select(runs => CaseSide.Of([.. runs]).RunCentresMs), options);
        foreach (var node in nodes)
        {
            var sides = cases.Select(entry => (entry.Settings, Own: entry.Runs.Where(run => run.Row.Node == node).ToList(), Others: entry.Runs.Where(run => run.Row.Node != node && run.Row.Node != Unknown.Text).ToList()))
                .Where(entry => entry.Own.Count > 0 && entry.Others.Count > 0).Select(entry => (entry.Settings, CaseSide.Of(entry.Others), CaseSide.Of(entry.Own)));
            if (OverallRatio.Of(sides, new RunNoise(spread, spread), options) is { Ratio: { Lower: > 1 } ratio } slow)
                yield return $"Node {node} of {name} is slow: {ComparisonText.Bounded(ratio)} the time of the other {(nodes.Count == 2 ? "node" : "nodes")} over {slow.Cases.Count.ToString(CultureInfo.InvariantCulture)} {slow.Over}.";
        }
    }

    /// <summary>That the sides of one environment were measured on unlike nodes: then a difference may be the nodes'.</summary>
    internal static IEnumerable<string> OfSides(IReadOnlyList<MeasuredCase> first, IReadOnlyList<MeasuredCase> second)
    {
        var (mine, theirs) = (NodesOf(first), NodesOf(second));
        if (mine.Count > 0 && theirs.Count > 0 && !mine.SequenceEqual(theirs))
            yield return $"BASE was measured on {(mine.Count == 1 ? "node" : "nodes")} {string.Join(", ", mine)}, DIFF on {string.Join(", ", theirs)}: the difference may be that of the machines.";
    }

    /// <summary>The nodes of two sides that share none, in words; null where they share one, or nobody knows.</summary>
    internal static string? Apart(IReadOnlyList<MeasuredCase> first, IReadOnlyList<MeasuredCase> second)
    {
        var (mine, theirs) = (NodesOf(first), NodesOf(second));
        return mine.Count > 0 && theirs.Count > 0 && !mine.Intersect(theirs).Any() ? $"{string.Join(" and ", mine)} (BASE) and {string.Join(" and ", theirs)} (DIFF)" : null;
    }

    private static List<string> NodesOf(IEnumerable<MeasuredCase> runs) => [.. runs.Select(run => run.Row.Node).Where(node => node != Unknown.Text).Distinct().Order(StringComparer.Ordinal)];

    private static string RunsOf(IReadOnlyList<(CaseSettings Settings, IReadOnlyList<MeasuredCase> Runs)> cases, string node) =>
        cases.SelectMany(entry => entry.Runs).Where(run => run.Row.Node == node).Select(run => run.Row.RunId).Distinct().Count().ToString(CultureInfo.InvariantCulture);
}
