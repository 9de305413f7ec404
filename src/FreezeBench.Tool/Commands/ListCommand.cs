using System.CommandLine;
using FreezeBench.Tool.Listing;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command list: what result folders hold.</summary>
internal static class ListCommand
{
    internal static Command Create(IAnsiConsole console)
    {
        var folder = CommandParts.Folder();
        var runs = new Option<bool>("--runs")
        {
            Description = "Name every run id with what it measured. Default: environments alone.",
        };
        var format = CommandParts.Format($"{CommandParts.Text}: for people; {CommandParts.Json}: one object with every run.", CommandParts.Text, CommandParts.Json);
        var command = new Command("list", "Lists the environments of a results folder: rows, runs, dates, commits, suites, policies, data sets and seeds.")
        {
            folder, runs, format,
        };
        command.SetAction(parsed =>
        {
            var environments = ListedEnvironment.Of(parsed.GetRequiredValue(folder));
            var output = console.Profile.Out.Writer;
            if (parsed.GetRequiredValue(format) == CommandParts.Json)
                ListJson.Write(output, environments);
            else
                ListText.Write(output, environments, parsed.GetValue(runs));
            return 0;
        });
        return command;
    }
}
