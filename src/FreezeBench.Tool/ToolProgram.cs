using System.CommandLine;
using System.CommandLine.Parsing;
using FreezeBench.Results;
using FreezeBench.Tool.Commands;
using Spectre.Console;

namespace FreezeBench.Tool;

/// <summary>The tool's commands, their errors and exit codes: 0 done, 1 a regression or a finding, 2 bad input.</summary>
internal static class ToolProgram
{
    internal static RootCommand Root(IAnsiConsole console, TextWriter standardError) => new("Compares and reports FreezeBench's results.")
    {
        ReportCommand.Create(console, standardError),
        CompareCommand.Create(console, standardError),
        RankCommand.Create(console),
        AdviseCommand.Create(console),
        CheckCommand.Create(console),
        MergeCommand.Create(console),
        ListCommand.Create(console),
        RemarkCommand.Create(console),
        PeersCommand.Create(console, standardError),
        MatrixCommand.Create(console, standardError),
    };

    /// <summary>Runs a command line.</summary>
    /// <param name="arguments">Words of the command line.</param>
    /// <param name="console">Answers, on standard output.</param>
    /// <param name="standardError">Messages and progress.</param>
    internal static int Run(string[] arguments, IAnsiConsole console, TextWriter standardError)
    {
        try
        {
            var parsed = Root(console, standardError).Parse(arguments);
            // A word that is no command is told as such; the parser's first complaint would be that a command is missing.
            var errors = parsed.Errors.Select(error => error.Message).Concat(Faults(parsed)).ToList();
            if (errors.Count > 0)
                throw new UserErrorException(string.Join('\n', errors.Count > 1 && parsed.UnmatchedTokens.Count > 0 ? errors[1..] : errors) + "\nSee --help for every command and option.");
            var output = console.Profile.Out.Writer;
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = standardError, EnableDefaultExceptionHandler = false });
        }
        catch (UserErrorException error)
        {
            standardError.WriteLine($"Error: {error.Message}");
            return ExitCode.BadInput;
        }
        catch (Exception error) when (SystemRefusal.Of(error) is { } told)
        {
            standardError.WriteLine($"Error: {told}");
            return ExitCode.BadInput;
        }
    }

    // No value of the tool may be empty, blank or hold a NUL: most are paths, and the others are ids and names.
    private static IEnumerable<string> Faults(ParseResult parsed) => parsed.CommandResult.Children
        .Select(result => (Name: result is OptionResult option ? option.Option.Name : result is ArgumentResult argument ? argument.Argument.Name : "", result.Tokens))
        .SelectMany(given => given.Tokens.Select(token => PathText.FaultOf(token.Value) is { } fault ? $"{given.Name} {fault}" : null)).OfType<string>().Distinct();
}
