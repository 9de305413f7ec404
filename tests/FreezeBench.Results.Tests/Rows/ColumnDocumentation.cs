using System.Xml.Linq;
using FreezeBench.Results.Rows;

namespace FreezeBench.Results.Tests.Rows;

/// <summary>Describes every column of every result file; the properties' own summaries are the only source.</summary>
internal static class ColumnDocumentation
{
    private const string Introduction = """
        # Columns of the result files

        Written by the test `ColumnDocumentationTests`; do not edit. UTF-8, comma, line feed, decimal point, numbers in full precision.
        What nobody knows is the word `unknown`. A text that begins with `=`, `+`, `-`, `@`, a tab or an apostrophe is
        written with an apostrophe in front, so that no spreadsheet takes it for a formula; readers remove it.
        Columns are added at the end, never renamed.

        """;

    /// <summary>The documentation in Markdown, with line feeds.</summary>
    /// <exception cref="FileNotFoundException">The compiler's documentation file is not beside the assembly.</exception>
    internal static string Markdown()
    {
        var path = Path.ChangeExtension(typeof(BenchmarkRow).Assembly.Location, ".xml");
        var documentation = XDocument.Load(path);
        return Introduction.ReplaceLineEndings("\n")
            + Section<BenchmarkRow>(documentation, "a row for each measured case")
            + Section<SampleRow>(documentation, "a row for each measured iteration")
            + Section<AccuracyRow>(documentation, "a row for each epoch of a training run")
            + Section<RunRow>(documentation, "a row for each end of a training run")
            + Section<RemarkRow>(documentation, "what a person knows about a run, added by `freezebench remark`")
            + Section<ClassRow>(documentation, "what the outputs of a head trained on your own images stand for")
            + Section<PerClassRow>(documentation, "the test set class by class after a training run, where classes have unlike numbers of images")
            + Section<MlNetRow>(documentation, "a row for each measured round of ML.NET (bench/peers/MlNet); reports do not read it");
    }

    private static string Section<TRow>(XDocument documentation, string grain) where TRow : IResultRow
    {
        var lines = Column.Of<TRow>().Select(column => $"| `{column.Name}` | {column.Unit} | {Description(column, documentation)} |\n");
        return $"\n## {TRow.FileName}: {grain}\n\n| column | unit | meaning |\n|---|---|---|\n{string.Concat(lines)}";
    }

    /// <summary>The property's summary in the compiler's documentation file, or null.</summary>
    internal static string? Description(Column column, XDocument documentation)
    {
        var member = $"P:{column.Property.DeclaringType!.FullName}.{column.Property.Name}";
        var summary = documentation.Descendants("member").FirstOrDefault(element => (string?)element.Attribute("name") == member)?.Element("summary");
        return summary is null ? null : string.Join(' ', summary.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }
}
