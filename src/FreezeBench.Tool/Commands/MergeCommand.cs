using System.CommandLine;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command merge.</summary>
internal static class MergeCommand
{
    internal static Command Create(IAnsiConsole console)
    {
        _ = console;
        return new Command("merge", "");
    }
}
