using System.CommandLine;
using FreezeBench.Results.Checks;
using FreezeBench.Tool.Checks;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command check: everything in result folders that contradicts itself.</summary>
internal static class CheckCommand
{
    private const string GitHub = "github";

    internal static Command Create(IAnsiConsole console)
    {
        var folder = CommandParts.Folder();
        var format = CommandParts.Format(
            $"{CommandParts.Text}: for people; {CommandParts.Json}: one object; {GitHub}: a workflow command for each finding, which GitHub shows beside the line.", CommandParts.Text, CommandParts.Json, GitHub);
        var strict = new Option<bool>("--strict")
        {
            Description = "Let notes count like errors: exit with 1 if there is one. Default: notes alone exit with 0.",
        };
        var command = new Command("check", "Checks result files: values, hashes, duplicates, gaps, and files against each other. Exits with 1 if there is an error, each with its remedy.")
        {
            folder, format, strict,
        };
        command.SetAction(parsed =>
        {
            var path = parsed.GetRequiredValue(folder);
            var result = ResultCheck.Run(path, withArchive: true);
            // Not through the console's own printing: it would break the lines of JSON and of workflow commands.
            var output = console.Profile.Out.Writer;
            switch (parsed.GetRequiredValue(format))
            {
                case CommandParts.Json:
                    CheckJson.Write(output, result);
                    break;
                case GitHub:
                    CheckGitHub.Write(output, path, result);
                    break;
                default:
                    CheckText.Write(output, result);
                    break;
            }
            return result.Count(Severity.Error) > 0 || parsed.GetValue(strict) && result.Count(Severity.Note) > 0 ? ExitCode.Found : 0;
        });
        return command;
    }
}
