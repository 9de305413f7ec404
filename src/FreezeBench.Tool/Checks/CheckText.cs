using System.Globalization;
using FreezeBench.Results;
using FreezeBench.Results.Checks;
using FreezeBench.Results.Tables;

namespace FreezeBench.Tool.Checks;

/// <summary>Findings for people: by file and kind, the remedy under its kind, 80 columns.</summary>
internal static class CheckText
{
    private const int Indent = 4;

    internal static void Write(TextWriter output, CheckResult result)
    {
        foreach (var file in result.Findings.GroupBy(finding => finding.File))
        {
            output.WriteLine(ForeignText.Shown(file.Key, ForeignText.LongestLine));
            foreach (var kind in file.GroupBy(finding => finding.Kind))
                Kind(output, kind, result.Omitted.FirstOrDefault(omitted => omitted.File == file.Key && omitted.Kind == kind.Key));
            output.WriteLine();
        }
        WrappedText.Write(output, "", 0, Summary(result));
    }

    private static void Kind(TextWriter output, IGrouping<FindingKind, Finding> kind, OmittedFindings? omitted)
    {
        output.WriteLine($"  {(kind.Key.Severity == Severity.Error ? "error" : "note")}: {kind.Key.Name}");
        foreach (var finding in kind)
            Lines(output, Place(finding) + finding.Message);
        if (omitted is not null)
            Lines(output, string.Create(CultureInfo.InvariantCulture, $"and {omitted.Count:N0} more of this kind in this file."));
        Lines(output, "What to do: " + kind.Key.Remedy);
    }

    private static void Lines(TextWriter output, string text) => WrappedText.Write(output, new string(' ', Indent), Indent + 2, ForeignText.Shown(text, ForeignText.LongestLine));

    private static string Place(Finding finding) => (finding.Line, finding.Column) switch
    {
        // In the header a column has no name yet, only its number.
        ({ } line, { } column) => string.Create(CultureInfo.InvariantCulture, $"line {line}, {(char.IsAsciiDigit(column[0]) ? "column " : "")}{column}: "),
        ({ } line, null) => string.Create(CultureInfo.InvariantCulture, $"line {line}: "),
        _ => "",
    };

    private static string Summary(CheckResult result) => string.Create(CultureInfo.InvariantCulture,
        $"{Counted(result.Count(Severity.Error), "error")} and {Counted(result.Count(Severity.Note), "note")} in {Counted(result.Rows, "row")} of {Counted(result.Environments, "environment")}.");

    private static string Counted(long count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {noun}{(count == 1 ? "" : "s")}");
}
