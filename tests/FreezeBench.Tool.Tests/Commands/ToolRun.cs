using Spectre.Console.Testing;

namespace FreezeBench.Tool.Tests.Commands;

/// <summary>What a command line gave.</summary>
/// <param name="ExitCode">0 done, 1 found, 2 bad input.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed record ToolRun(int ExitCode, string Output, string Errors)
{
    internal static ToolRun Of(params string[] arguments)
    {
        using var console = new TestConsole();
        using var errors = new StringWriter();
        var exitCode = ToolProgram.Run(arguments, console, errors);
        return new ToolRun(exitCode, console.Output, errors.ToString());
    }
}
