using System.CommandLine;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command check.</summary>
internal static class CheckCommand
{
    internal static Command Create(IAnsiConsole console)
    {
        _ = console;
        return new Command("check", "");
    }
}
