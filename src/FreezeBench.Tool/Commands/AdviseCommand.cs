using System.CommandLine;
using System.Globalization;
using FreezeBench.Results;
using FreezeBench.Results.Advising;
using FreezeBench.Results.Checks;
using FreezeBench.Results.Sets;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command advise: which policy is good enough in the least time. Exit code 0: said, or said why not; 2: bad input.</summary>
internal static class AdviseCommand
{
    internal static Command Create(IAnsiConsole console)
    {
        var defaults = new AdviceOptions();
        var folders = new Argument<string[]>("FOLDER")
        {
            Description = "Results folders, or environments' folders in them. Rows of one environment are put together.",
            Arity = ArgumentArity.ZeroOrMore,
            DefaultValueFactory = _ => ["results"],
        };
        var within = CommandParts.Number("--within", "How far below the best test accuracy is near enough, in percentage points.", defaults.WithinPoints);
        within.HelpName = "points";
        var budget = new Option<double?>("--time-budget")
        {
            Description = "Say too what is the most accurate in so much training time: seconds, or with a unit as in 90s, 15m, 2h. Default: no bound.",
            HelpName = "time",
            CustomParser = result =>
            {
                if (Seconds(result.Tokens[0].Value) is { } seconds)
                    return seconds;
                result.AddError($"--time-budget is '{ForeignText.Shown(result.Tokens[0].Value)}'; it must be a time such as 90, 90s, 15m or 2h.");
                return null;
            },
        };
        var format = CommandParts.Format($"{CommandParts.Text}: for people; {CommandParts.Json}: one object.", CommandParts.Text, CommandParts.Json);
        var output = CommandParts.Out();
        var command = new Command("advise", "Advises from trained runs, for each data set and machine: which policy comes within 1 point of the best test accuracy in the least training time, what nothing beats in time and accuracy both, "
            + "and when fine-tune overtakes frozen features; undecided where the bounds do not tell. Exit code 0: said, 2: bad input.")
        {
            folders, within, budget, format, output,
        };
        command.SetAction(parsed =>
        {
            var options = new AdviceOptions { WithinPoints = parsed.GetValue(within) ?? defaults.WithinPoints, TimeBudgetS = parsed.GetValue(budget) }.Validated();
            // The same folder by two names would be its rows twice, which count once anyway.
            var results = new ResultSet([.. parsed.GetRequiredValue(folders).Distinct().SelectMany(folder => CheckedResults.Load(folder).Environments)]);
            if (results.Environments.All(environment => environment.Epochs.Count + environment.Runs.Count == 0))
                throw new UserErrorException($"{string.Join(", ", parsed.GetRequiredValue(folders))} has no trained run to advise from. ./run-benchmarks.sh and the accuracy runner write accuracy.csv and runs.csv.");
            var advice = Advisor.Of(results, options);
            CommandParts.Emit(parsed.GetRequiredValue(format) == CommandParts.Json ? AdviceJson.Write(advice) : AdviceText.Plain(advice), parsed.GetValue(output), console);
            return 0;
        });
        return command;
    }

    /// <summary>A time in s; null for what is none.</summary>
    private static double? Seconds(string text)
    {
        var (number, unit) = text.Length == 0 ? ("", 1) : text[^1] switch { 's' => (text[..^1], 1), 'm' => (text[..^1], 60), 'h' => (text[..^1], 3600), _ => (text, 1) };
        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) ? value * unit : null;
    }
}
