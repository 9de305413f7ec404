using FreezeBench.Results.Tables;

namespace FreezeBench.Results.Reports;

/// <summary>Writes the report as Markdown: the first screen, and the richest tables of each environment; the HTML has all.</summary>
/// <remarks>Line feeds, invariant culture, no clock, no path: the same report gives the same bytes.</remarks>
public static class MarkdownReport
{
    /// <summary>The command that makes the repository's own report; the first line names it.</summary>
    public const string Command = "freezebench report results --out results/README.md";

    /// <summary>Writes the report; the writer stays open.</summary>
    public static void Write(Report report, TextWriter writer)
    {
        var table = new MarkdownWriter(writer);
        table.Block($"<!-- Generated from the CSV files by `{Command}`; do not edit. -->");
        table.Block("# What freezing the backbone costs and buys");
        if (report.Environments.Count == 0)
            table.Block("No environment was measured.");
        MarkdownOverview.Write(report.Overview, table);
        Legend(table);
        if (report.Environments.Any(HasEnergy))
            table.Block("Energy is that of the whole device, whoever used it, while an epoch trained: `nvml` the GPU, by its own counter (`nvml-power`: summed from its power), "
                + "`rapl` the CPU packages without memory.");
        if (report.Environments.Any(PolicyNames.HavePlain))
            table.Block(PolicyNames.Plain);
        var older = report.Environments.Where(environment => !IsTwin(environment, report.Overview)).ToLookup(environment => IsOlder(environment, report));
        foreach (var environment in older[false])
            new MarkdownEnvironment(table).Write(environment);
        if (older.Contains(true))
            table.Block($"In the HTML report alone, as the machines above under other ids: {string.Join(", ", older[true].Select(environment => MarkdownText.Name(environment.Id)))}.");
    }

    /// <summary>Whether a machine's row in the first table is of another environment, which has all kinds of rows that this one has.</summary>
    private static bool IsOlder(EnvironmentReport environment, Report report)
    {
        if (environment.BesideMlNet.Count > 0 || report.Overview.Machines.FirstOrDefault(machine => machine.EnvironmentIds.Contains(environment.Id)) is not { } machine)
            return false;
        var shown = report.Environments.Where(other => machine.Epochs.Any(epoch => epoch.EpochMs.Origin.EnvironmentId == other.Id)).ToList();
        return !shown.Contains(environment) && (environment.Accuracies.Count == 0 || shown.Any(other => other.Accuracies.Count > 0));
    }

    /// <summary>A twin's figures are in its machine's row of the first table.</summary>
    private static bool IsTwin(EnvironmentReport environment, Overview overview) => environment is { Accuracies.Count: 0, BesideMlNet.Count: 0 }
        && environment.Times.All(group => group.Policies.Count > 0 && group.Policies.All(policy => policy.Kernels is null))
        && overview.Machines.Any(machine => machine.Twins.Count > 0 && machine.EnvironmentIds.Contains(environment.Id));

    private static bool HasEnergy(EnvironmentReport environment) =>
        environment.Times.Any(group => group.Policies.Any(policy => policy.EpochEnergyJ is not null)) || environment.Accuracies.Any(group => group.Policies.Any(policy => policy.EpochEnergyJ is not null));

    private static void Legend(MarkdownWriter table) => table.Block(
        "Times are the centre of the samples (Hodges and Lehmann), of several runs the mean of their centres, in brackets the 95 % bounds; a speed-up is an epoch of `fine-tune` divided by "
        + "one of the policy, both of the same runs. Accuracies are means over seeds with 95 % bounds: of the seeds (Student), or of the test images where there is one "
        + "seed (Wilson). The small numbers lead to the rows. "
        + "`~` noisy (interquartile range above 10 % of the median), `!` very noisy (above 25 %), `t` throttled: heat or power held the device's clocks down, or a GPU ended below 90 % of the clock that it began with, `d` disturbed: the machine had other work, so that the "
        + $"time says nothing, `?` measured by code that was not committed, {Numbers.Missing} not measured.");
}
