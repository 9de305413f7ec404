using System.Text;

namespace FreezeBench.Results.Comparison;

/// <summary>A comparison as the summary of a pull request: GitHub's Markdown, line feeds.</summary>
public static class ComparisonMarkdown
{
    /// <summary>Headline with counts, a table of what changed or is undecided, the equivalent cases folded, what was not compared.</summary>
    public static string Write(ResultComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        var text = new StringBuilder();
        Line(text, $"### FreezeBench: {ComparisonText.Counts(comparison)}");
        Line(text, "");
        Line(text, $"{Code(comparison.Base)} → {Code(comparison.Diff)}{(comparison.MissingCount > 0 ? $", {comparison.MissingCount} not compared" : "")}");
        CaseComparison[] telling = [.. comparison.Cases.Where(entry => entry.Verdict != Verdict.Equivalent).OrderBy(entry => entry.Verdict)];
        CaseComparison[] equivalent = [.. comparison.Cases.Where(entry => entry.Verdict == Verdict.Equivalent)];
        if (telling.Length > 0)
            Table(text, comparison, telling);
        if (equivalent.Length > 0)
            Folded(text, $"{equivalent.Length} equivalent", () => Table(text, comparison, equivalent));
        if (comparison.Unlike.Count + comparison.BaseOnly.Count + comparison.DiffOnly.Count > 0)
            Folded(text, "Not compared", () => NotCompared(text, comparison));
        Line(text, "");
        foreach (var note in ComparisonText.Notes(comparison))
            Line(text, $"- {Escaped(note)}");
        return text.ToString();
    }

    private static void Table(StringBuilder text, ResultComparison comparison, IEnumerable<CaseComparison> entries)
    {
        Line(text, "");
        Line(text, "| suite | case | base | ratio | verdict |");
        Line(text, "|---|---|--:|--:|---|");
        foreach (var entry in entries)
        {
            var name = ComparisonText.Name(entry.Settings, comparison.Cases.Select(other => other.Settings));
            var verdict = entry.Verdict == Verdict.Worse ? "**worse**" : ComparisonText.Word(entry.Verdict);
            var marks = ComparisonText.Marks(entry) is { Length: > 0 } signs ? " " + Escaped(signs) : "";
            var reason = entry.Reason is null ? "" : $" ({Escaped(entry.Reason)})";
            Line(text, $"| {Escaped(entry.Settings.Suite)} | {Escaped(name)} | {ComparisonText.Milliseconds(entry.Base.CentreMs)} | {ComparisonText.Ratio(entry)} | {verdict}{marks}{reason} |");
        }
    }

    private static void NotCompared(StringBuilder text, ResultComparison comparison)
    {
        Line(text, "");
        foreach (var group in comparison.Unlike)
            Line(text, $"- unlike settings: {string.Join("; ", group.Differences.Select(Change))}: {Names(group.Cases)}");
        foreach (var pair in comparison.Environments.Where(pair => pair.Facts.Count > 0))
            Line(text, $"- {Escaped(pair.Base)} and {Escaped(pair.Diff)} differ in {string.Join("; ", pair.Facts.Select(Change))}");
        if (comparison.BaseOnly.Count > 0)
            Line(text, $"- only in {Code(comparison.Base)}: {Names(comparison.BaseOnly)}");
        if (comparison.DiffOnly.Count > 0)
            Line(text, $"- only in {Code(comparison.Diff)}: {Names(comparison.DiffOnly)}");
    }

    private static void Folded(StringBuilder text, string summary, Action content)
    {
        Line(text, "");
        Line(text, $"<details><summary>{summary}</summary>");
        content();
        Line(text, "");
        Line(text, "</details>");
    }

    private static string Change(SettingDifference difference) => Escaped($"{difference.Name} {difference.Base} → {difference.Diff}");

    private static string Names(IReadOnlyList<CaseSettings> cases) => Escaped(ComparisonText.Names(cases, cases));

    /// <summary>A code span; as wide a fence as the text needs, since nothing can be escaped inside one.</summary>
    private static string Code(string text)
    {
        var fence = new string('`', text.Split('`').Length);
        var padding = text.StartsWith('`') || text.EndsWith('`') ? " " : "";
        return $"{fence}{padding}{OneLine(text)}{padding}{fence}";
    }

    /// <summary>Text that no column, tag, span or emphasis can come out of.</summary>
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder();
        foreach (var character in OneLine(text))
        {
            if (character is '<' or '>')
                escaped.Append(character == '<' ? "&lt;" : "&gt;");
            else
                escaped.Append(character is '\\' or '|' or '`' or '*' or '_' or '[' or ']' or '&' ? $"\\{character}" : character);
        }
        return escaped.ToString();
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static void Line(StringBuilder text, string line) => text.Append(line).Append('\n');
}
