using System.Globalization;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Tables;

namespace FreezeBench.Results.Comparison;

/// <summary>A comparison as the summary of a pull request: GitHub's Markdown, line feeds.</summary>
public static class ComparisonMarkdown
{
    /// <summary>Headline with counts, a table of what changed or is undecided, the equivalent cases folded, what was not compared.</summary>
    public static string Write(ResultComparison comparison)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var writer = new MarkdownWriter(text);
        if (comparison.Kind != ComparisonKind.Commits)
            return PairText.Markdown(comparison);
        writer.Block($"### FreezeBench: {ComparisonText.Counts(comparison)}");
        writer.Block(MarkdownText.Plain($"{ComparisonHeadline.Of(comparison)} {ComparisonHeadline.Answer(comparison)}".TrimEnd()));
        writer.Block($"{Code(comparison.Base)} → {Code(comparison.Diff)}{(comparison.MissingCount > 0 ? $", {comparison.MissingCount} not compared" : "")}");
        List<CaseComparison> telling = [.. comparison.Cases.Where(entry => entry.Verdict != Verdict.Equivalent).OrderBy(entry => entry.Verdict)];
        List<CaseComparison> equivalent = [.. comparison.Cases.Where(entry => entry.Verdict == Verdict.Equivalent)];
        if (telling.Count > 0)
            Table(writer, comparison, telling);
        if (equivalent.Count > 0)
            Folded(writer, $"{equivalent.Count} equivalent", () => Table(writer, comparison, equivalent));
        if (comparison.Unlike.Count + comparison.BaseOnly.Count + comparison.DiffOnly.Count > 0)
            Folded(writer, "Not compared", () => NotCompared(writer, comparison));
        foreach (var note in comparison.Remarks.Concat(ComparisonText.Notes(comparison)))
            writer.Line($"- {MarkdownText.Plain(note)}");
        return text.ToString();
    }

    private static void Table(MarkdownWriter writer, ResultComparison comparison, IEnumerable<CaseComparison> entries) => writer.Table(
        ["suite", "case", "base", "ratio", "verdict"],
        [
            .. entries.Select(entry => (IReadOnlyList<string?>)
            [
                MarkdownText.Plain($"{entry.Settings.Suite}"), MarkdownText.Plain(ComparisonText.Name(entry.Settings, comparison.Cases.Select(other => other.Settings))),
                ComparisonText.Milliseconds(entry.Base.CentreMs), ComparisonText.Ratio(entry), Verdicted(entry),
            ]),
        ], 0, 1, 4);

    private static string Verdicted(CaseComparison entry) => (entry.Verdict == Verdict.Worse ? "**worse**" : ComparisonText.Word(entry.Verdict, ComparisonKind.Commits))
        + ComparisonText.Marks(entry.Base, entry.Diff).Replace("*", "\\*", StringComparison.Ordinal)
        + (entry.Reason is null ? "" : $" ({MarkdownText.Plain(entry.Reason)})");

    private static void NotCompared(MarkdownWriter writer, ResultComparison comparison)
    {
        foreach (var group in comparison.Unlike)
            writer.Line($"- unlike settings: {string.Join("; ", group.Differences.Select(Change))}: {Names(group.Cases)}");
        foreach (var pair in comparison.Environments.Where(pair => pair.Facts.Count > 0))
            writer.Line($"- {MarkdownText.Plain(pair.Base)} and {MarkdownText.Plain(pair.Diff)} differ in {string.Join("; ", pair.Facts.Select(Change))}");
        if (comparison.BaseOnly.Count > 0)
            writer.Line($"- only in {Code(comparison.Base)}: {Names(comparison.BaseOnly)}");
        if (comparison.DiffOnly.Count > 0)
            writer.Line($"- only in {Code(comparison.Diff)}: {Names(comparison.DiffOnly)}");
        writer.Line();
    }

    private static void Folded(MarkdownWriter writer, string summary, Action content)
    {
        writer.Block($"<details><summary>{summary}</summary>");
        content();
        writer.Block("</details>");
    }

    private static string Change(SettingDifference difference) => MarkdownText.Plain($"{difference.Name} {difference.Base} → {difference.Diff}");

    private static string Names(IReadOnlyList<CaseSettings> cases) => MarkdownText.Plain(ComparisonText.Names(cases, cases));

    /// <summary>A code span; as wide a fence as the text needs, since nothing can be escaped inside one.</summary>
    private static string Code(string text)
    {
        var fence = new string('`', text.Split('`').Length);
        var padding = text.StartsWith('`') || text.EndsWith('`') ? " " : "";
        return $"{fence}{padding}{text.ReplaceLineEndings(" ")}{padding}{fence}";
    }
}
