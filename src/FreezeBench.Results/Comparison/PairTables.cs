using System.Globalization;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Statistics;
using FreezeBench.Results.Tables;
using FreezeBench.Results.Workloads;

namespace FreezeBench.Results.Comparison;

/// <summary>The tables of a comparison of two machines or frameworks: one for each size, suite and kernels.</summary>
internal static class PairTables
{
    /// <summary>Headings and tables: the standard workloads first; in each whole steps and epochs, then their parts.</summary>
    /// <param name="comparison">What they show.</param>
    /// <param name="memory">Whether a last table of each has the peak memory of whole steps and epochs.</param>
    internal static IEnumerable<(string Heading, IReadOnlyList<Table> Tables)> Of(ResultComparison comparison, bool memory) => comparison.Cases
        .GroupBy(entry => TableOf(entry.Settings)).OrderBy(group => Order(group.Key)).ThenBy(group => group.Key.Key, StringComparer.Ordinal)
        .Select(group => (Heading(group.Key), (IReadOnlyList<Table>)[.. group.GroupBy(entry => entry.Settings.IsWhole).OrderByDescending(cases => cases.Key).Select(cases => TableOf([.. cases], cases.Key, comparison.Kind)), .. memory ? Memory(group, comparison.Options.Confidence) : []]));

    // Parts of a step have no process of their own.
    private static IEnumerable<Table> Memory(IEnumerable<CaseComparison> cases, double confidence)
    {
        IReadOnlyList<IReadOnlyList<string?>> rows =
        [
            .. cases.Where(entry => entry.Settings.IsWhole && entry.Base.PeakMemoryBytes.Count > 0 && entry.Diff.PeakMemoryBytes.Count > 0).OrderBy(entry => entry.Settings.Key, StringComparer.Ordinal).Select(entry => (IReadOnlyList<string?>)
            [
                CaseName(entry.Settings), Mebibytes(entry.Base, entry), Mebibytes(entry.Diff, entry),
                !AreOneQuantity(entry) ? null : ComparisonText.Bounded(Ratio.Of([.. entry.Diff.PeakMemoryBytes.Select(bytes => (double)bytes)], [.. entry.Base.PeakMemoryBytes.Select(bytes => (double)bytes)], confidence)),
            ]),
        ];
        return rows.Count == 0 ? [] : [new Table(["peak memory", "BASE", "DIFF", "ratio (bounds)"], rows, 0)];
    }

    private static bool AreOneQuantity(CaseComparison entry) => MemorySources.Common([entry.Base.MemorySource, entry.Diff.MemorySource]) is not null;

    private static string Mebibytes(CaseSide side, CaseComparison entry) =>
        string.Create(CultureInfo.InvariantCulture, $"{side.PeakMemoryBytes.Average() / (1 << 20):0} MiB{(AreOneQuantity(entry) ? "" : $" {side.MemorySource?.Word() ?? "of unknown source"}")}");

    // Without the time of DIFF the long names of the parts fit in 80 columns.
    private static Table TableOf(IReadOnlyList<CaseComparison> cases, bool areWhole, ComparisonKind kind) => new(
        areWhole ? ["case", "BASE", "DIFF", "ratio (bounds)", "DIFF is"] : ["part", "BASE", "ratio (bounds)", "DIFF is"],
        [.. cases.OrderBy(entry => entry.Ratio?.Value ?? 0).ThenBy(entry => entry.Settings.Key, StringComparer.Ordinal).Select(entry => (IReadOnlyList<string?>)
        [
            CaseName(entry.Settings), ComparisonText.Milliseconds(entry.Base.CentreMs), .. areWhole ? [ComparisonText.Milliseconds(entry.Diff.CentreMs)] : Array.Empty<string?>(),
            ComparisonText.Ratio(entry), ComparisonText.Word(entry.Verdict, kind) + ComparisonText.Marks(entry.Base, entry.Diff),
        ])], 0, areWhole ? 4 : 3);

    /// <summary>What the cases of one table share.</summary>
    internal static CaseSettings TableOf(CaseSettings settings) => settings with { Policy = null, Phase = null };

    /// <summary>Standard workloads before others, epochs before steps before the rest.</summary>
    internal static (bool, int) Order(CaseSettings settings) =>
        (StandardWorkloads.Of(settings) is null, settings.Suite switch { StandardWorkloads.EpochSuite => 0, StandardWorkloads.StepSuite => 1, _ => 2 });

    /// <summary>The settings in a line, kernels at the end, since <see cref="CaseSettings.Text"/> has none.</summary>
    internal static string Heading(CaseSettings settings)
    {
        var name = StandardWorkloads.Of(settings) is { } standard ? $"{StandardWorkloads.Version}, {standard.Name}: " : "";
        return $"{name}{settings.Text}{(settings.Kernels is { } kernels ? $", {kernels.Word()} kernels" : "")}";
    }

    /// <summary>A policy, and what was timed where that is not the whole operation that the suite is named after.</summary>
    internal static string CaseName(CaseSettings settings) => settings.IsWhole ? $"{settings.Policy}" : settings.Name;
}
