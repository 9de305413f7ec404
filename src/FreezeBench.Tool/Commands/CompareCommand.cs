using System.CommandLine;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command compare.</summary>
internal static class CompareCommand
{
    internal static Command Create(IAnsiConsole console, TextWriter standardError)
    {
        _ = (console, standardError);
        return new Command("compare", "");
    }
}
