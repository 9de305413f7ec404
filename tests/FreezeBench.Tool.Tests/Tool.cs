using Spectre.Console.Testing;

namespace FreezeBench.Tool.Tests;

/// <summary>A run of the tool inside the test's process.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Errors">Its standard error.</param>
internal sealed record Tool(int ExitCode, string Output, string Errors)
{
    internal static Tool Run(params string[] arguments)
    {
        using var console = new TestConsole();
        console.Profile.Width = 80;
        using var errors = new StringWriter();
        var code = ToolProgram.Run(arguments, console, errors);
        return new Tool(code, console.Output, errors.ToString());
    }
}
