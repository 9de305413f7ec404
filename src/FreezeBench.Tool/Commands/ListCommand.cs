using System.CommandLine;
using FreezeBench.Tool.Listing;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command list: what result folders hold.</summary>
internal static class ListCommand
{
    private const string Text = "text";
    private const string Json = "json";

    internal static Command Create(IAnsiConsole console)
    {
        var folder = new Argument<string>("FOLDER")
        {
            Description = "A results folder, or an environment's folder in it.",
            DefaultValueFactory = _ => "results",
        };
        var runs = new Option<bool>("--runs")
        {
            Description = "Name every run id with what it measured. Default: environments alone.",
        };
        var format = new Option<string>("--format")
        {
            Description = $"{Text}: for people; {Json}: one object with every run.",
            DefaultValueFactory = _ => Text,
        }.AcceptOnlyFromAmong(Text, Json);
        var command = new Command("list", "Lists the environments of a results folder: rows, runs, dates, commits, suites, policies, data sets and seeds.")
        {
            folder, runs, format,
        };
        command.SetAction(parsed =>
        {
            var environments = ListedEnvironment.Of(parsed.GetRequiredValue(folder));
            var output = console.Profile.Out.Writer;
            if (parsed.GetRequiredValue(format) == Json)
                ListJson.Write(output, environments);
            else
                ListText.Write(output, environments, parsed.GetValue(runs));
            return 0;
        });
        return command;
    }
}
