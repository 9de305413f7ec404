using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Reports;

/// <summary>Chooses the row that a table shows where a case was measured more than once.</summary>
/// <remarks>
/// The numbers of a table should come from one run, since ratios across runs have the drift of the machine in them. So the
/// newest run that measured an epoch under every policy that has one in the group (without such policies: every case)
/// gives all the cases that it has; where no run has all of plain and fast kernels, each of the two has a run of its own. A run without doubt (working tree committed, times not disturbed) goes before any newer
/// one with doubt. Cases that this run lacks, and all where no run is complete, come from the newest row, again those
/// without doubt first.
/// </remarks>
internal static class CaseChoice
{
    /// <summary>One case for each name.</summary>
    /// <param name="cases">Cases of one group in the order of their file.</param>
    /// <param name="doubt">How little a row is to be trusted; 0 is fully.</param>
    internal static Dictionary<CaseSettings, MeasuredCase> Of(IReadOnlyList<MeasuredCase> cases, Func<BenchmarkRow, int> doubt)
    {
        var whole = WholeRun(cases, doubt);
        var byKernels = cases.GroupBy(measured => measured.Row.Kernels).ToDictionary(group => group.Key, group => whole ?? WholeRun([.. group], doubt));
        return cases.GroupBy(measured => CaseSettings.InTable(measured.Row)).ToDictionary(name => name.Key, same => Best(same, doubt, byKernels[same.First().Row.Kernels]));
    }

    /// <summary>The run that has every epoch of the cases, or every case where there is no epoch; null where none has.</summary>
    private static string? WholeRun(IReadOnlyList<MeasuredCase> cases, Func<BenchmarkRow, int> doubt)
    {
        var epochs = cases.Where(IsEpoch).Select(measured => CaseSettings.InTable(measured.Row)).ToHashSet();
        var needed = epochs.Count > 0 ? epochs : cases.Select(measured => CaseSettings.InTable(measured.Row)).ToHashSet();
        return cases.GroupBy(measured => measured.Row.RunId)
            .Where(run => needed.IsSubsetOf(run.Select(measured => CaseSettings.InTable(measured.Row))))
            .OrderBy(run => run.Max(measured => doubt(measured.Row))).ThenByDescending(run => run.Key, StringComparer.Ordinal)
            .FirstOrDefault()?.Key;
    }

    /// <summary>The newest of the cases without doubt, or with as little as there is; cases of the run
    /// <paramref name="preferred"/> before all others.</summary>
    internal static MeasuredCase Best(IEnumerable<MeasuredCase> same, Func<BenchmarkRow, int> doubt, string? preferred = null)
    {
        MeasuredCase? best = null;
        foreach (var measured in same)
        {
            if (best is null || IsBetter(measured.Row, best.Row))
                best = measured;
        }
        return best!;

        bool IsBetter(BenchmarkRow row, BenchmarkRow than)
        {
            if (row.RunId == than.RunId)
                return true; // Written later in the file.
            if (row.RunId == preferred || than.RunId == preferred)
                return row.RunId == preferred;
            var order = doubt(row).CompareTo(doubt(than));
            return order < 0 || (order == 0 && string.CompareOrdinal(row.RunId, than.RunId) > 0);
        }
    }

    internal static bool IsEpoch(MeasuredCase measured) => measured.Row is { Suite: "epoch", Phase: "epoch" };
}
