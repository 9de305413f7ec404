using System.CommandLine;
using System.Globalization;
using FreezeBench.Results;
using FreezeBench.Results.Checks;
using FreezeBench.Results.Merging;
using FreezeBench.Results.Tables;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command merge: brings the results of several machines into one folder.</summary>
internal static class MergeCommand
{
    /// <summary>Errors of a source that a refusal names; the command check names the others.</summary>
    private const int NamedErrors = 3;

    internal static Command Create(IAnsiConsole console)
    {
        var sources = new Argument<string[]>("SOURCE")
        {
            Description = "Results folders, or environments' folders, to copy from. One with errors (freezebench check) is refused.",
            Arity = ArgumentArity.OneOrMore,
        };
        var into = new Option<string>("--into")
        {
            Description = "Results folder to copy to; made if it is missing. Rows in it stay as they are.",
            Required = true,
        };
        var dryRun = new Option<bool>("--dry-run")
        {
            Description = "Say what would be added, and write nothing. Default: write.",
        };
        var command = new Command("merge", "Copies result rows from other folders into one; rows that are there already are skipped. Rows that contradict each other stop it before it writes.")
        {
            sources, into, dryRun,
        };
        command.SetAction(parsed =>
        {
            var (from, target, dry) = (parsed.GetRequiredValue(sources), parsed.GetRequiredValue(into), parsed.GetValue(dryRun));
            if (PathText.FolderFaultOf(target) is { } fault)
                throw new UserErrorException($"--into {fault}");
            foreach (var source in from.Distinct())
                RefuseErrors(source);
            Write(console.Profile.Out.Writer, ResultMerge.Run(from, target, dry), target, dry);
            return 0;
        });
        return command;
    }

    private static void RefuseErrors(string source)
    {
        var result = ResultCheck.Run(source);
        if (result.Count(Severity.Error) is not (> 0 and var count))
            return;
        var named = result.Findings.Where(finding => finding.Kind.Severity == Severity.Error).Take(NamedErrors).Select(finding => $"\n  {finding}");
        throw new UserErrorException(string.Create(CultureInfo.InvariantCulture,
            $"The source {source} has errors ({count:N0}) and was not merged:{string.Concat(named)}\nSee all of them, with their remedies: freezebench check {source}"));
    }

    private static void Write(TextWriter output, MergeOutcome outcome, string target, bool dryRun)
    {
        foreach (var environment in outcome.Environments)
        {
            if (environment.HasNews)
                Write(output, environment);
            foreach (var difference in environment.Differences)
                Lines(output, $"  {environment.EnvironmentId} keeps a fact that differs: {difference}.");
        }
        if (outcome.HasNews)
            Lines(output, dryRun ? $"Nothing was written to {ForeignText.Shown(target, ForeignText.LongestLine)}: a dry run." : $"Merged into {ForeignText.Shown(target, ForeignText.LongestLine)}.");
        else
            Lines(output, $"Nothing new: {target} has every row of the sources.");
    }

    private static void Write(TextWriter output, MergedEnvironment environment)
    {
        output.WriteLine(environment.EnvironmentId + (environment.IsNew ? " (new)" : ""));
        foreach (var (file, rows) in environment.Rows.Where(file => file.Count > 0))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {file,-14} {rows,9:N0} row{(rows == 1 ? "" : "s")}"));
        if (environment.RecordChanged && !environment.IsNew)
            output.WriteLine("  environment.json  completed");
        if (environment.VerificationChanged)
            output.WriteLine("  verification.json  the newest");
        if (environment.RunIds.Count > 0)
            Lines(output, $"  of run {string.Join(", ", environment.RunIds)}");
    }

    private static void Lines(TextWriter output, string text) => WrappedText.Write(output, text.StartsWith(' ') ? "  " : "", 4, text);
}
