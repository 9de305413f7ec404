using System.CommandLine;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command report.</summary>
internal static class ReportCommand
{
    internal static Command Create(IAnsiConsole console, TextWriter standardError)
    {
        _ = (console, standardError);
        return new Command("report", "");
    }
}
