using System.Globalization;
using FreezeBench.Results;
using FreezeBench.Results.Checks;

namespace FreezeBench.Tool.Checks;

/// <summary>Findings as GitHub's workflow commands, which it shows beside the lines of a pull request.</summary>
/// <remarks>Escapes as GitHub's own @actions/core does: a message ends at a line break, a property also at a colon or comma.</remarks>
internal static class CheckGitHub
{
    /// <param name="output">Where to.</param>
    /// <param name="folder">The folder as it was asked for. GitHub wants files relative to the repository, where a workflow starts.</param>
    /// <param name="result">What to write.</param>
    internal static void Write(TextWriter output, string folder, CheckResult result)
    {
        foreach (var finding in result.Findings)
            output.WriteLine(Command(finding.Kind, File(folder, finding.File), finding.Line, (finding.Column is null ? "" : finding.Column + ": ") + finding.Message));
        foreach (var omitted in result.Omitted)
            output.WriteLine(Command(omitted.Kind, File(folder, omitted.File), null, string.Create(CultureInfo.InvariantCulture, $"{omitted.Count} more of this kind in this file.")));
    }

    private static string Command(FindingKind kind, string file, long? line, string message)
    {
        var name = kind.Severity == Severity.Error ? "error" : "notice";
        var place = line is { } number ? string.Create(CultureInfo.InvariantCulture, $",line={number}") : "";
        return $"::{name} file={Property(file)}{place},title={Property("freezebench check: " + kind.Name)}::{Data($"{message} {kind.Remedy}")}";
    }

    private static string File(string folder, string file)
    {
        var full = Path.GetFullPath(Path.Combine(folder, file));
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, full);
        return (relative.StartsWith("..", StringComparison.Ordinal) ? full : relative).Replace('\\', '/');
    }

    private static string Data(string text) => ForeignText.Message(text).Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
