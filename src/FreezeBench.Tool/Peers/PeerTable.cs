using System.Globalization;
using FreezeBench.Results;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Tool.Peers;

/// <summary>Ratios of one set of settings, TorchSharp against one other framework.</summary>
/// <param name="Ours">Environment of the TorchSharp rows.</param>
/// <param name="Theirs">Environment of the others.</param>
/// <param name="Framework">The other framework, as rows name it.</param>
/// <param name="Settings">What all its cases have in common.</param>
/// <param name="Ratios">In the order in which TorchSharp's rows have the cases; one or more.</param>
internal sealed record PeerGroup(EnvironmentRecord Ours, EnvironmentRecord Theirs, string Framework, CaseSettings Settings, IReadOnlyList<PeerRatio> Ratios);

/// <summary>TorchSharp beside other frameworks on the same machine.</summary>
/// <param name="Groups">By environment ids, framework and settings.</param>
/// <param name="Notes">What was left out and why, and what to know of the rows that were not.</param>
internal sealed record PeerTable(IReadOnlyList<PeerGroup> Groups, IReadOnlyList<string> Notes)
{
    internal const string OurFramework = NamedCase.OwnFramework;

    /// <summary>Pairs the cases of a results folder.</summary>
    /// <param name="set">The folder.</param>
    /// <param name="since">Earliest run id, or the beginning of one: run ids sort by time. Null: all runs.</param>
    /// <exception cref="UserErrorException">A side has no row, no two environments are one machine, or no case is on both sides.</exception>
    internal static PeerTable Of(ResultSet set, string? since)
    {
        ArgumentNullException.ThrowIfNull(set);
        List<string> notes = [];
        var kept = set.Environments.Select(environment => (environment.Environment, Rows: Kept(environment, since, notes))).ToList();
        var ours = Having(kept, row => row.Framework == OurFramework);
        var theirs = Having(kept, row => row.Framework != OurFramework);
        var window = since is null ? "" : $" since {since}";
        if (theirs.Count == 0)
            throw new UserErrorException($"There is no row of another framework{window}. ./run-benchmarks.sh --peers measures PyTorch beside TorchSharp.");
        if (ours.Count == 0)
            throw new UserErrorException($"There is no row of {OurFramework}{window} to divide by those of {string.Join(", ", Frameworks(theirs))}. ./run-benchmarks.sh --peers measures both in turn.");

        List<PeerGroup> groups = [];
        foreach (var peer in theirs)
        {
            var partners = ours.Where(side => SameMachine.Differences(side.Environment, peer.Environment) is []).ToList();
            if (partners.Count == 0)
                notes.Add($"{peer.Environment.Id} ({string.Join(", ", Frameworks([peer]))}) is on no machine that TorchSharp was measured on: {Nearest(ours, peer.Environment)}. Times of two machines make no ratio.");
            foreach (var partner in partners)
                foreach (var framework in Frameworks([peer]))
                    groups.AddRange(Pairs(partner, (peer.Environment, [.. peer.Rows.Where(row => row.Framework == framework)]), framework, notes));
        }
        return groups.Count > 0 ? new PeerTable(groups, notes)
            : throw new UserErrorException($"No case was measured by both frameworks on one machine at the same settings.\n{string.Join('\n', notes)}\nRun ./run-benchmarks.sh --peers on one machine.");
    }

    /// <summary>The same without the parts of a step or an epoch.</summary>
    internal PeerTable WithoutParts() => this with
    {
        Groups = [.. Groups.Select(group => group with { Ratios = [.. group.Ratios.Where(ratio => PeerFigures.IsWhole(ratio.Case.Phase))] })
            .Where(group => group.Ratios.Count > 0)],
    };

    /// <summary>What two frameworks must have in common before a ratio of their times means anything.</summary>
    /// <remarks>The name of the weights is among it although times hardly depend on it: a formula's weights could give subnormal
    /// numbers where random ones give none.</remarks>
    internal static CaseSettings CaseOf(BenchmarkCase row, bool withKernels) =>
        CaseSettings.Of(row) with { Framework = null, Kernels = withKernels ? row.Kernels : null };

    private static List<PeerGroup> Pairs(Side ours, Side theirs, string framework, List<string> notes)
    {
        var mine = ours.Rows.GroupBy(row => CaseOf(row, withKernels: true)).ToList();
        var other = theirs.Rows.GroupBy(row => CaseOf(row, withKernels: false)).ToDictionary(rows => rows.Key, rows => rows.ToList());
        List<BenchmarkRow> Theirs(CaseSettings of) => other.GetValueOrDefault(of with { Kernels = null }, []);
        var paired = mine.Where(rows => Theirs(rows.Key).Count > 0).ToList();
        var pair = $"{ours.Environment.Id} and {theirs.Environment.Id} ({framework})";
        Count(mine.Count - paired.Count, $"of {OurFramework} without counterpart");
        Count(other.Count - paired.Select(rows => rows.Key with { Kernels = null }).Distinct().Count(), $"of {framework} without counterpart");
        var used = paired.SelectMany(rows => rows.Concat(Theirs(rows.Key))).ToList();
        if (used.Select(row => row.Commit).Distinct().Count() > 1)
            notes.Add($"{pair}: the runs are of {Text(used.Select(row => row.Commit).Distinct().Count())} commits; --since leaves out older ones.");
        if (used.Any(row => row.Dirty != false))
            notes.Add($"{pair}: some runs are of a working tree that differed from its commit.");
        if (used.Any(row => row.WereClocksHeldDown()))
            notes.Add($"{pair}: some runs were throttled, heat or power held the device's clocks down: their ratios say nothing about a framework.");
        var ratios = paired.Select(rows => PeerRatio.Of(rows.Key, PeerFigures.Medians(rows), PeerFigures.Medians(Theirs(rows.Key)))).OfType<PeerRatio>().ToList();
        Count(paired.Count - ratios.Count, "without measurable time");
        ratios.AddRange(paired.Select(rows => PeerFigures.Memory(rows.Key, [.. rows], Theirs(rows.Key))).OfType<PeerRatio>());
        Count(paired.Count(rows => PeerFigures.IsMemoryUnlike(rows.Key, [.. rows], Theirs(rows.Key))), "whose memory was not measured alike (memory_source of benchmarks.csv): it makes no ratio");
        ratios.AddRange(mine.Select(rows => rows.Key with { Policy = null, Phase = null }).Distinct()
            .Select(settings => PeerFigures.CachedEpochs(settings, ours.Rows, theirs.Rows)).OfType<PeerRatio>());
        return [.. ratios.GroupBy(ratio => ratio.Case with { Policy = null, Phase = null, Kernels = null })
            .Select(ratios => new PeerGroup(ours.Environment, theirs.Environment, framework, ratios.Key, [.. ratios]))];

        void Count(int cases, string what)
        {
            if (cases > 0)
                notes.Add($"{pair}: {Text(cases)} {(cases == 1 ? "case" : "cases")} {what}.");
        }
    }

    // A run whose times other work disturbed says nothing about a framework.
    private static List<BenchmarkRow> Kept(EnvironmentResults environment, string? since, List<string> notes)
    {
        var disturbed = environment.Remarks.Where(remark => remark.Remark == RemarkRow.TimesDisturbed)
            .DistinctBy(remark => remark.RunId).ToDictionary(remark => remark.RunId, remark => remark.Reason);
        var rows = environment.Cases.Select(measured => measured.Row)
            .Where(row => since is null || string.CompareOrdinal(row.RunId, since) >= 0).ToList();
        notes.AddRange(rows.Select(row => row.RunId).Distinct().Where(disturbed.ContainsKey)
            .Select(run => $"Run {run} is left out, its times were disturbed: {disturbed[run]}"));
        return [.. rows.Where(row => !disturbed.ContainsKey(row.RunId))];
    }

    private static List<Side> Having(IEnumerable<(EnvironmentRecord Environment, List<BenchmarkRow> Rows)> kept, Func<BenchmarkRow, bool> wanted) =>
        [.. kept.Select(side => new Side(side.Environment, [.. side.Rows.Where(wanted)])).Where(side => side.Rows.Count > 0)];

    private static IEnumerable<string> Frameworks(IEnumerable<Side> sides) =>
        sides.SelectMany(side => side.Rows).Select(row => row.Framework).Distinct().Order(StringComparer.Ordinal);

    private static string Nearest(List<Side> ours, EnvironmentRecord theirs) =>
        ours.Select(side => (side.Environment.Id, Differences: SameMachine.Differences(side.Environment, theirs)))
            .MinBy(side => side.Differences.Count) is var (id, differences) ? $"{id} differs by {string.Join("; ", differences)}" : "";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Side(EnvironmentRecord Environment, IReadOnlyList<BenchmarkRow> Rows)
    {
        public static implicit operator Side((EnvironmentRecord Environment, IReadOnlyList<BenchmarkRow> Rows) pair) => new(pair.Environment, pair.Rows);
    }
}
