using System.CommandLine;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command list.</summary>
internal static class ListCommand
{
    internal static Command Create(IAnsiConsole console)
    {
        _ = console;
        return new Command("list", "");
    }
}
