using System.Runtime.ExceptionServices;
using Spectre.Console.Testing;

namespace FreezeBench.Tool.Tests.Commands;

/// <summary>What a command line gave.</summary>
/// <param name="ExitCode">0 done, 1 found, 2 bad input.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Errors">Standard error.</param>
internal sealed record ToolRun(int ExitCode, string Output, string Errors)
{
    private static readonly TimeSpan patience = TimeSpan.FromSeconds(30);

    /// <summary>The same where a command could wait for ever; then it is left to itself, and null.</summary>
    internal static ToolRun? Ended(params string[] arguments)
    {
        ToolRun? run = null;
        Exception? escaped = null;
        void Try()
        {
            try
            {
                run = Of(arguments);
            }
            catch (Exception error)
            {
                escaped = error;
            }
        }
        var thread = new Thread(Try) { IsBackground = true };
        thread.Start();
        if (thread.Join(patience) && escaped is not null)
            ExceptionDispatchInfo.Throw(escaped);
        return run;
    }

    internal static ToolRun Of(params string[] arguments)
    {
        using var console = new TestConsole();
        using var errors = new StringWriter();
        var exitCode = ToolProgram.Run(arguments, console, errors);
        return new ToolRun(exitCode, console.Output, errors.ToString());
    }
}
