using FreezeBench.Results.Tables;

namespace FreezeBench.Results.Reports;

/// <summary>Writes the report as Markdown: what the HTML shows, in tables.</summary>
/// <remarks>Line feeds, invariant culture, no clock, no path: the same report gives the same bytes.</remarks>
public static class MarkdownReport
{
    /// <summary>The command that makes the repository's own report; the first line names it.</summary>
    public const string Command = "freezebench report results --out results/README.md";

    /// <summary>Writes the report; the writer stays open.</summary>
    public static void Write(Report report, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(writer);
        var table = new MarkdownWriter(writer);
        table.Block($"<!-- Generated from the CSV files by `{Command}`; do not edit. -->");
        table.Block("# What freezing the backbone costs and buys");
        if (report.Environments.Count == 0)
            table.Block("No environment was measured.");
        foreach (var environment in report.Environments)
            table.Line($"- **{MarkdownText.Plain(environment.Name)}** ({MarkdownText.Name(environment.Id)}): {MarkdownText.Plain(environment.Answer)}");
        table.Line();
        Legend(table);
        if (report.Environments.Any(HasEnergy))
            table.Block("Energy is that of the whole device, whoever used it, while an epoch trained: `nvml` the GPU, by its own counter (`nvml-power`: summed from its power), "
                + "`rapl` the CPU packages without memory.");
        if (report.Environments.Any(PolicyNames.HavePlain))
            table.Block(PolicyNames.Plain);
        foreach (var environment in report.Environments)
            new MarkdownEnvironment(table).Write(environment);
        Matrices(table, report.Matrices);
    }

    private static bool HasEnergy(EnvironmentReport environment) =>
        environment.Times.Any(group => group.Policies.Any(policy => policy.EpochEnergyJ is not null)) || environment.Accuracies.Any(group => group.Policies.Any(policy => policy.EpochEnergyJ is not null));

    private static void Legend(MarkdownWriter table) => table.Block(
        "Times are the centre of the samples (Hodges and Lehmann), in brackets the 95 % bounds; a speed-up is an epoch of `fine-tune` divided by "
        + "one of the policy, both of one run. Accuracies are means over seeds with 95 % bounds: of the seeds (Student), or of the test images where there is one "
        + "seed (Wilson). The small numbers lead to the rows. "
        + "`~` noisy (interquartile range above 10 % of the median), `!` very noisy (above 25 %), `t` throttled, `d` disturbed: the machine had other work, so that the "
        + $"time says nothing, `?` measured by code that was not committed, {Numbers.Missing} not measured.");

    private static void Matrices(MarkdownWriter table, IReadOnlyList<Matrix> matrices)
    {
        if (matrices.Count == 0)
            return;
        table.Block("## Environments side by side");
        table.Block("Numbers stand beside each other; no ratio crosses environments.");
        var notes = new Notes();
        foreach (var matrix in matrices)
        {
            table.Block($"### {MarkdownText.Plain(matrix.Settings)}");
            // Where only steps were measured, their times stand in for the rates of epochs.
            var isOfEpochs = matrix.Rows.Any(row => row.Policies.Any(policy => policy.ImagesPerS is not null));
            table.Block(isOfEpochs ? "Images/s of an epoch:" : "Time of a step:");
            var policies = matrix.Rows.SelectMany(row => row.Policies).Select(policy => policy.Name()).Distinct().InPolicyOrder(name => name).ToList();
            var frozen = policies.Where(name => name.Policy == "frozen").DefaultIfEmpty(new PolicyName("frozen", null)).ToList();
            table.Table(
                ["environment", .. policies.Select(name => name.Markdown), .. frozen.Select(name => $"speed-up of {name.Markdown}")],
                [
                    .. matrix.Rows.Select(row => (IReadOnlyList<string?>)
                    [
                        $"{MarkdownText.Plain(row.Name)} ({MarkdownText.Name(row.EnvironmentId)})",
                        .. policies.Select(policy => isOfEpochs
                            ? notes.Cell(Of(row, policy)?.ImagesPerS, rate => Numbers.Rate(rate.Value))
                            : notes.Cell(Of(row, policy)?.StepMs, Numbers.Time)),
                        .. frozen.Select(name => notes.Cell(Of(row, name)?.SpeedUp, Numbers.Times)),
                    ]),
                ]);
        }
        MarkdownEnvironment.Write(notes, table);
    }

    private static PolicyTimes? Of(MatrixRow row, PolicyName name) => row.Policies.FirstOrDefault(times => times.Name() == name);
}
