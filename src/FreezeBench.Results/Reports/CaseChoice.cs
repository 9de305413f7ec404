using FreezeBench.Results.Comparison;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Reports;

/// <summary>Chooses the runs that stand for the cases of a table: the same for a machine's own table as for the one of all machines.</summary>
/// <remarks>
/// Rows without doubt (working tree committed, times not disturbed) go before rows with doubt. A table's numbers should be of one state of the code: the commit that measured the most
/// epochs of it, of several the newest, gives all the cases that it has; where it has no epoch of a kind of kernels, that kind has a commit of its own. What these lack comes from
/// the newest commit that has it. A twin's code is its framework: its newest rows count, however many an older version has. All runs of a commit are the sample.
/// </remarks>
internal static class CaseChoice
{
    /// <param name="contender">A machine, or an environment of it.</param>
    /// <param name="cases">Its cases of one workload, in the order of their file.</param>
    /// <param name="name">What tells its cases apart.</param>
    internal static Dictionary<CaseSettings, ChosenRuns> Of(Contender contender, IEnumerable<MeasuredCase> cases, Func<BenchmarkRow, CaseSettings> name)
    {
        // A row that is in its file twice was written later the second time.
        var once = cases.GroupBy(measured => (measured.Row.RunId, Case: CaseSettings.Comparable(measured.Row))).Select(same => Usable(same.Last())).ToList();
        return WorkloadRuns.Of([contender with { Cases = [.. once.GroupBy(measured => measured.Row.Framework).SelectMany(framework => framework.Key == NamedCase.OwnFramework ? OfOneCode(contender, framework, name) : framework)] }], (_, row) => [name(row)])
            .ToDictionary(runs => runs.Settings, runs => runs.Runs[0]!);
    }

    internal static bool IsEpoch(BenchmarkRow row) => row is { Suite: "epoch", Phase: "epoch" };

    private static IEnumerable<MeasuredCase> OfOneCode(Contender contender, IEnumerable<MeasuredCase> cases, Func<BenchmarkRow, CaseSettings> name)
    {
        List<MeasuredCase> sound = [.. cases.GroupBy(measured => name(measured.Row)).SelectMany(same => same.GroupBy(measured => Doubt(contender, measured.Row)).MinBy(doubt => doubt.Key)!)];
        var whole = MostEpochs(sound, name);
        var commits = sound.GroupBy(measured => measured.Row.Kernels)
            .ToDictionary(kernels => kernels.Key, kernels => kernels.Any(measured => measured.Row.Commit == whole && IsEpoch(measured.Row)) ? whole : MostEpochs(kernels, name));
        return sound.GroupBy(measured => name(measured.Row))
            .SelectMany(same => same.Where(measured => measured.Row.Commit == commits[measured.Row.Kernels]).ToList() is { Count: > 0 } chosen ? chosen : same.ToList());
    }

    private static string? MostEpochs(IEnumerable<MeasuredCase> cases, Func<BenchmarkRow, CaseSettings> name) => cases.GroupBy(measured => measured.Row.Commit)
        .OrderByDescending(commit => commit.Where(measured => IsEpoch(measured.Row)).Select(measured => name(measured.Row)).Distinct().Count())
        .ThenByDescending(commit => commit.Max(measured => measured.Row.UtcTime)).ThenBy(commit => commit.Key, StringComparer.Ordinal).FirstOrDefault()?.Key;

    /// <summary>How little a row is to be trusted: 0 measured by a commit and undisturbed, 1 by an unknown state of the code, 2 while the machine had other work.</summary>
    private static int Doubt(Contender contender, BenchmarkRow row) => row.IsDisturbed(contender.RemarkedRuns) ? 2 : row.Dirty == false ? 0 : 1;

    // Samples that no clock gives are told by their median; check names the row.
    private static MeasuredCase Usable(MeasuredCase measured) => CaseFigures.IsUsable(measured.SamplesMs) ? measured : measured with { SamplesMs = [] };
}
