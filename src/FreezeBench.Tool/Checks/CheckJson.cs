using FreezeBench.Results.Checks;
using FreezeBench.Results.Tables;

namespace FreezeBench.Tool.Checks;

/// <summary>Findings as one JSON object, snake case, for programs.</summary>
internal static class CheckJson
{
    internal static void Write(TextWriter output, CheckResult result) => output.Write(SnakeCaseJson.Of(new
    {
        SchemaVersion = 1,
        result.Environments,
        result.Rows,
        Errors = result.Count(Severity.Error),
        Notes = result.Count(Severity.Note),
        Findings = result.Findings.Select(finding => new
        {
            Severity = Word(finding.Kind),
            Kind = finding.Kind.Name,
            finding.File,
            finding.Line,
            finding.Column,
            finding.Message,
            finding.Kind.Remedy,
        }),
        Omitted = result.Omitted.Select(omitted => new { Severity = Word(omitted.Kind), Kind = omitted.Kind.Name, omitted.File, omitted.Count }),
    }));

    private static string Word(FindingKind kind) => kind.Severity == Severity.Error ? "error" : "note";
}
