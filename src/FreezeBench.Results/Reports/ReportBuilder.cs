using FreezeBench.Results.Comparison;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Reports;

/// <summary>Makes the report of result folders from their rows and nothing else.</summary>
public static class ReportBuilder
{
    /// <summary>The report: the same for the same rows, on any machine and in any culture, whatever the folders are called.</summary>
    /// <remarks>
    /// Which rows a table shows where a case was measured more than once: all runs of the commit that measured most of its epochs, of several the newest; other cases
    /// come from the newest commit that has them; before all go runs with a committed working tree that were not disturbed. A time of one run is Hodges and Lehmann's centre of the
    /// samples with 95 % bounds, or the row's median without bounds where samples.csv has no samples for it, and of several runs the geometric mean of their centres with bounds by their
    /// scatter. A speed-up has a run in common on both sides, or it is left out; the first table and a machine's own say the same. Environments
    /// are made in parallel; the cost grows linearly with the cases.
    /// </remarks>
    /// <param name="results">The folders.</param>
    /// <param name="prices">What machines cost; null for no prices.</param>
    /// <exception cref="UserErrorException">A price is of none of the machines.</exception>
    public static Report Build(ResultSet results, Prices? prices = null)
    {
        var known = KnownMachines.Of(results.Environments.Select(environment => environment.Environment));
        var folders = results.Environments.OrderBy(environment => environment.Folder, StringComparer.Ordinal).ToList();
        var ofMachine = folders.ToLookup(environment => known.Of(environment.Environment.Id).Ids[0]);
        // Folders of one environment, as before a merge, are one part; ordered, so that the caller's order does not matter.
        var parts = folders.GroupBy(environment => environment.Environment.Id).OrderBy(same => same.Key, StringComparer.Ordinal)
            .AsParallel().AsOrdered().Select(same => Environment(same.Key, [.. same], [.. ofMachine[known.Of(same.Key).Ids[0]]])).ToList();
        return new Report { Overview = Overviews.Of(parts, prices ?? Prices.None), Environments = [.. parts.Select(part => part.Report)], Matrices = Matrices.Of(parts) };
    }

    private static EnvironmentPart Environment(string id, List<EnvironmentResults> folders, IReadOnlyList<EnvironmentResults> ofMachine)
    {
        var disturbed = folders.SelectMany(folder => folder.Remarks).Where(remark => remark.Remark == RemarkRow.TimesDisturbed)
            .GroupBy(remark => remark.RunId).OrderBy(run => run.Key, StringComparer.Ordinal)
            .Select(run => new DisturbedRun(run.Key, string.Join("; ", run.Select(remark => remark.Reason).Distinct().Order(StringComparer.Ordinal)))).ToList();
        var remarkedRuns = Disturbance.RemarkedRuns(folders.SelectMany(folder => folder.Remarks));
        var cases = folders.SelectMany(folder => folder.Cases).ToList();
        var machine = KnownMachines.Of([folders[0].Environment]).Of(id);
        var contender = new Contender { Name = machine.Name, Machine = machine, Cases = cases, RemarkedRuns = remarkedRuns };
        var times = TimeGroups.Of(contender);
        var accuracies = new AccuracyGroups(id, remarkedRuns, folders.SelectMany(folder => folder.PerClass)).Of(folders.SelectMany(folder => folder.Epochs), folders.SelectMany(folder => folder.Runs));
        var diverged = DivergedRun.Of(folders.SelectMany(folder => folder.Runs));
        var mlNet = MlNetGroups.Of(folders.SelectMany(folder => folder.MlNetRounds), ofMachine);
        var report = new EnvironmentReport
        {
            Id = id,
            Name = EnvironmentName.Of(folders[0].Environment),
            Facts = EnvironmentFacts.Of(folders[0].Environment),
            Answer = folders.TrueForAll(folder => folder.IsMlNetAlone) ? Answers.Of(mlNet) : Answers.Of(times, accuracies, diverged),
            BesideMlNet = mlNet,
            Times = [.. times.Select(time => time.Group)],
            Accuracies = [.. accuracies.Select(part => part.Group)],
            Scaling = Scaling.Of(contender),
            DisturbedRuns = disturbed,
            DivergedRuns = diverged,
        };
        return new EnvironmentPart(report, times, accuracies, folders[0].Environment, cases);
    }
}
