using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;

namespace FreezeBench.Results.Reports;

/// <summary>Makes the report of result folders from their rows and nothing else.</summary>
public static class ReportBuilder
{
    /// <summary>The report: the same for the same rows, on any machine and in any culture, whatever the folders are called.</summary>
    /// <remarks>
    /// Which row a table shows where a case was measured more than once: the newest run that measured every epoch of the table
    /// gives all that it has, other cases come from the newest row; before both go runs with a committed working tree that
    /// were not disturbed. Times are Hodges and Lehmann's centre of the samples with 95 % bounds, or the row's median without bounds
    /// where samples.csv has no samples for it. A speed-up has both of its sides from one run, or it is left out. Environments
    /// are made in parallel; the cost grows linearly with the cases.
    /// </remarks>
    /// <param name="results">The folders.</param>
    /// <param name="prices">What machines cost; null for no prices.</param>
    /// <exception cref="UserErrorException">A price is of none of the machines.</exception>
    public static Report Build(ResultSet results, Prices? prices = null)
    {
        ArgumentNullException.ThrowIfNull(results);
        // Folders of one environment, as before a merge, are one part; ordered, so that the caller's order does not matter.
        var parts = results.Environments.Where(environment => !environment.IsMlNetAlone).OrderBy(environment => environment.Folder, StringComparer.Ordinal).GroupBy(environment => environment.Environment.Id).OrderBy(same => same.Key, StringComparer.Ordinal)
            .AsParallel().AsOrdered().Select(same => Environment(same.Key, [.. same])).ToList();
        return new Report { Overview = Overviews.Of(parts, prices ?? Prices.None), Environments = [.. parts.Select(part => part.Report)], Matrices = Matrices.Of(parts) };
    }

    private static EnvironmentPart Environment(string id, List<EnvironmentResults> folders)
    {
        var disturbed = folders.SelectMany(folder => folder.Remarks).Where(remark => remark.Remark == RemarkRow.TimesDisturbed)
            .GroupBy(remark => remark.RunId).OrderBy(run => run.Key, StringComparer.Ordinal)
            .Select(run => new DisturbedRun(run.Key, string.Join("; ", run.Select(remark => remark.Reason).Distinct().Order(StringComparer.Ordinal)))).ToList();
        var remarkedRuns = Disturbance.RemarkedRuns(folders.SelectMany(folder => folder.Remarks));
        var cases = folders.SelectMany(folder => folder.Cases).ToList();
        var figures = new CaseFigures(id, remarkedRuns);
        var times = TimeGroups.Of(cases, figures);
        var accuracies = new AccuracyGroups(id, remarkedRuns, folders.SelectMany(folder => folder.PerClass)).Of(folders.SelectMany(folder => folder.Epochs), folders.SelectMany(folder => folder.Runs));
        var diverged = DivergedRun.Of(folders.SelectMany(folder => folder.Runs));
        var report = new EnvironmentReport
        {
            Id = id,
            Name = EnvironmentName.Of(folders[0].Environment),
            Facts = EnvironmentFacts.Of(folders[0].Environment),
            Answer = Answers.Of(times, accuracies, diverged),
            Times = [.. times.Select(time => time.Group)],
            Accuracies = [.. accuracies.Select(part => part.Group)],
            Scaling = Scaling.Of(cases, figures),
            DisturbedRuns = disturbed,
            DivergedRuns = diverged,
        };
        return new EnvironmentPart(report, times, accuracies, folders[0].Environment, cases);
    }
}
