using Spectre.Console;

namespace FreezeBench.Accuracy.Output;

/// <summary>Standard error, where a program says what happens meanwhile.</summary>
public static class ProgressConsole
{
    /// <summary>The console of this process.</summary>
    public static IAnsiConsole Create()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        // A log's line is never wrapped; only a terminal has a width.
        if (!console.Profile.Capabilities.Interactive)
            console.Profile.Width = int.MaxValue / 2;
        return console;
    }
}
