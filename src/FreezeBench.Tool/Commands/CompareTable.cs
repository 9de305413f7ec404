using System.Globalization;
using FreezeBench.Results.Comparison;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Tables;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace FreezeBench.Tool.Commands;

/// <summary>A comparison on the console: a table for each suite, worst first, within 80 columns.</summary>
internal static class CompareTable
{
    /// <summary>The widest that a table gets: what a terminal, a log and a mail show without wrapping.</summary>
    private const int Widest = 80;

    /// <summary>The same without colours, for a file.</summary>
    internal static string Text(ResultComparison comparison)
    {
        if (comparison.Kind != ComparisonKind.Commits)
            return PairText.Plain(comparison);
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = Widest;
        Print(comparison, console);
        return text.ToString().ReplaceLineEndings("\n");
    }

    internal static void Print(ResultComparison comparison, IAnsiConsole console)
    {
        foreach (var line in WrappedText.Lines("", 0, ComparisonHeadline.Of(comparison)).Concat(ComparisonHeadline.Answer(comparison) is { } answer ? WrappedText.Lines("", 0, answer) : []))
            console.WriteLine(line);
        var all = comparison.Cases.Select(entry => entry.Settings).ToList();
        // Suites by their worst verdict: a reader sees first what is worse.
        foreach (var suite in comparison.Cases.GroupBy(entry => entry.Settings.Suite).OrderBy(group => group.Min(entry => entry.Verdict)))
        {
            var table = new Table { Border = TableBorder.Simple, Width = Math.Min(Widest, console.Profile.Width) };
            table.AddColumn(Markup.Escape($"{suite.Key}: case"));
            table.AddColumn(new TableColumn("base").RightAligned().NoWrap());
            table.AddColumn(new TableColumn("ratio (bounds)").RightAligned().NoWrap());
            table.AddColumn("verdict");
            foreach (var entry in suite)
            {
                table.AddRow(new Text(ComparisonText.Name(entry.Settings, all)), new Text(ComparisonText.Milliseconds(entry.Base.CentreMs)),
                    new Text(ComparisonText.Ratio(entry)), new Text(ComparisonText.Word(entry.Verdict, comparison.Kind) + ComparisonText.Marks(entry.Base, entry.Diff), Colour(entry.Verdict)));
            }
            console.Write(table);
        }
        console.WriteLine($"{ComparisonText.Counts(comparison)}: {comparison.Base} -> {comparison.Diff}");
        foreach (var reason in comparison.Cases.Where(entry => entry.Reason is not null).GroupBy(entry => entry.Reason!))
            console.WriteLine($"- {reason.Key}: {ComparisonText.Names(reason.Select(entry => entry.Settings), all)}");
        foreach (var note in comparison.Remarks.Concat(ComparisonText.Notes(comparison)))
            console.WriteLine($"- {note}");
        PrintNotCompared(comparison, console);
    }

    private static void PrintNotCompared(ResultComparison comparison, IAnsiConsole console)
    {
        foreach (var group in comparison.Unlike)
            console.WriteLine($"Not compared, unlike settings: {Changes(group.Differences)}: {ComparisonText.Names(group.Cases, group.Cases)}");
        foreach (var pair in comparison.Environments.Where(pair => pair.Facts.Count > 0))
            console.WriteLine($"{pair.Base} and {pair.Diff} differ in {Changes(pair.Facts)}");
        if (comparison.BaseOnly.Count > 0)
            console.WriteLine($"Only in {comparison.Base}: {ComparisonText.Names(comparison.BaseOnly, comparison.BaseOnly)}");
        if (comparison.DiffOnly.Count > 0)
            console.WriteLine($"Only in {comparison.Diff}: {ComparisonText.Names(comparison.DiffOnly, comparison.DiffOnly)}");
    }

    private static string Changes(IEnumerable<SettingDifference> differences) =>
        string.Join("; ", differences.Select(difference => $"{difference.Name} {difference.Base} -> {difference.Diff}"));

    private static Style Colour(Verdict verdict) => verdict switch
    {
        Verdict.Worse => new Style(Color.Red),
        Verdict.Better => new Style(Color.Green),
        Verdict.Undecided => new Style(Color.Yellow),
        _ => Style.Plain,
    };
}
