using System.CommandLine;
using FreezeBench.Results;
using FreezeBench.Tool.Commands;
using Spectre.Console;

namespace FreezeBench.Tool;

/// <summary>The tool's commands, their errors and exit codes: 0 done, 1 a regression or a finding, 2 bad input.</summary>
internal static class ToolProgram
{
    /// <summary>What was looked for was found: a regression, a finding.</summary>
    internal const int Found = 1;

    /// <summary>The request or a file cannot be read as it stands.</summary>
    internal const int BadInput = 2;

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">Words of the command line.</param>
    /// <param name="console">Answers, on standard output.</param>
    /// <param name="standardError">Messages and progress.</param>
    internal static int Run(string[] arguments, IAnsiConsole console, TextWriter standardError)
    {
        var root = new RootCommand("Compares and reports FreezeBench's results.")
        {
            ReportCommand.Create(console, standardError),
            CompareCommand.Create(console, standardError),
            CheckCommand.Create(console),
            MergeCommand.Create(console),
            ListCommand.Create(console),
            RemarkCommand.Create(console),
        };
        try
        {
            var parsed = root.Parse(arguments);
            if (parsed.Errors.Count > 0 && parsed.Action is not null)
                throw new UserErrorException(string.Join('\n', parsed.Errors.Select(error => error.Message)) + "\nSee --help for every command and option.");
            var output = console.Profile.Out.Writer;
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = standardError, EnableDefaultExceptionHandler = false });
        }
        catch (UserErrorException error)
        {
            standardError.WriteLine($"Error: {error.Message}");
            return BadInput;
        }
    }
}
