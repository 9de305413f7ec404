using System.Globalization;
using FreezeBench.Results.Tables;

namespace FreezeBench.Results.Comparison;

/// <summary>A comparison of two machines or frameworks for people: what it is, the answer, the tables, what else differs.</summary>
public static class PairText
{
    /// <summary>For a terminal of 80 columns.</summary>
    /// <param name="comparison">What it says.</param>
    /// <param name="memory">Whether peak memory is shown beside the times.</param>
    public static string Plain(ResultComparison comparison, bool memory = false)
    {
        List<string> lines = [];
        foreach (var paragraph in Paragraphs(comparison))
            lines.AddRange(WrappedText.Lines("", 0, paragraph));
        foreach (var (heading, tables) in PairTables.Of(comparison, memory))
            lines.AddRange(["", .. WrappedText.Lines("", 0, heading), .. tables.SelectMany(table => table.Plain("-"))]);
        lines.Add("");
        foreach (var note in Notes(comparison))
            lines.AddRange(WrappedText.Lines("- ", 2, note));
        return string.Concat(lines.Select(line => line + "\n"));
    }

    /// <summary>For a page.</summary>
    /// <inheritdoc cref="Plain" path="/param"/>
    public static string Markdown(ResultComparison comparison, bool memory = false)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        var writer = new MarkdownWriter(text);
        writer.Block($"### FreezeBench: {MarkdownText.Plain(ComparisonHeadline.Of(comparison))}");
        foreach (var paragraph in Paragraphs(comparison).Skip(1))
            writer.Block(MarkdownText.Plain(paragraph));
        foreach (var (heading, tables) in PairTables.Of(comparison, memory))
        {
            writer.Block($"**{MarkdownText.Plain(heading)}**");
            foreach (var table in tables)
                writer.Plain(table);
        }
        foreach (var note in Notes(comparison))
            writer.Line($"- {MarkdownText.Plain(note)}");
        return text.ToString();
    }

    private static IEnumerable<string> Paragraphs(ResultComparison comparison)
    {
        yield return ComparisonHeadline.Of(comparison);
        if (ComparisonHeadline.Answer(comparison) is { } answer)
            yield return answer;
        yield return string.Create(CultureInfo.InvariantCulture,
            $"{comparison.Cases.Count} shared {(comparison.Cases.Count == 1 ? "case" : "cases")}: DIFF is {string.Join(", ", Enum.GetValues<Verdict>().Select(verdict => string.Create(CultureInfo.InvariantCulture, $"{ComparisonText.Word(verdict, comparison.Kind)} in {comparison.Count(verdict)}")))}.");
    }

    private static IEnumerable<string> Notes(ResultComparison comparison)
    {
        foreach (var note in comparison.Remarks.Concat(ComparisonText.Notes(comparison)))
            yield return note;
        foreach (var reason in comparison.Cases.Where(entry => entry.Reason is not null).GroupBy(entry => entry.Reason!))
            yield return $"Undecided or equivalent, {reason.Key}: {Count(reason.Count())}.";
        foreach (var group in comparison.Unlike)
            yield return $"Not compared, unlike workloads: {string.Join("; ", group.Differences.Select(difference => $"{difference.Name} {difference.Base} and {difference.Diff}"))}: {Count(group.Cases.Count)}.";
        foreach (var (name, alone) in new[] { (comparison.BaseName, comparison.BaseOnly), (comparison.DiffName, comparison.DiffOnly) })
        {
            if (alone.Count > 0)
                yield return $"Not compared, only of {name}: {Count(alone.Count)} ({string.Join(", ", alone.GroupBy(settings => settings.Suite).Select(suite => $"{suite.Key} {suite.Count().ToString(CultureInfo.InvariantCulture)}"))}).";
        }
    }

    private static string Count(int cases) => string.Create(CultureInfo.InvariantCulture, $"{cases} {(cases == 1 ? "case" : "cases")}");
}
