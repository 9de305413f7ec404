using System.CommandLine;
using FreezeBench.Results;
using FreezeBench.Results.Checks;
using FreezeBench.Results.Comparison;
using FreezeBench.Results.Ranking;
using FreezeBench.Results.Rows;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command rank: the machines of a results folder by workload. Exit code 0: ranked, 2: bad input, or nothing to rank.</summary>
internal static class RankCommand
{
    private const string AllKernels = "all";

    internal static Command Create(IAnsiConsole console)
    {
        var defaults = new ComparisonOptions();
        var folder = new Argument<string>("FOLDER") { Description = "A results folder with the folders of two machines or more.", DefaultValueFactory = _ => "results" };
        var framework = new Option<string>("--framework") { Description = "Rank the rows of this framework, as benchmarks.csv names it.", HelpName = "name", DefaultValueFactory = _ => NamedCase.OwnFramework };
        var kernels = new Option<string>("--kernels") { Description = $"Rank the rows of these kernels: {KernelKind.Plain.Word()}, {KernelKind.Fast.Word()} or {AllKernels}.", HelpName = "name", DefaultValueFactory = _ => AllKernels };
        kernels.AcceptOnlyFromAmong(KernelKind.Plain.Word(), KernelKind.Fast.Word(), AllKernels);
        var parts = new Option<bool>("--parts") { Description = "List parts of steps and epochs too. Default: whole ones alone." };
        var confidence = CommandParts.Confidence(defaults.Confidence);
        var launch = CommandParts.LaunchNoise(defaults.LaunchNoise);
        var format = CommandParts.TableFormat();
        var output = CommandParts.Out();
        var command = new Command("rank", "Ranks the machines of a results folder by workload, the fastest first: ratios to the first with bounds, equal ranks where these reach 1, and a geometric "
            + "mean over the standard workloads, else over those that all share, else over those that a pair shares. Exit code 0: ranked, 2: bad input, or fewer than two machines.")
        {
            folder, framework, kernels, parts, confidence, launch, format, output,
        };
        command.SetAction(parsed =>
        {
            var options = new RankingOptions
            {
                Comparison = new ComparisonOptions { Confidence = parsed.GetValue(confidence) ?? defaults.Confidence, LaunchNoise = parsed.GetValue(launch) ?? defaults.LaunchNoise }.Validated(),
                Framework = parsed.GetValue(framework),
                Kernels = parsed.GetValue(kernels) switch { AllKernels => null, var word => word == KernelKind.Plain.Word() ? KernelKind.Plain : KernelKind.Fast },
                Parts = parsed.GetValue(parts),
            };
            var name = parsed.GetValue(folder)!;
            CommandParts.Emit(Written(MachineRanking.OfMachines(Selection.Of(name, CheckedResults.Load(name)), options), parsed.GetRequiredValue(format)), parsed.GetValue(output), console);
        });
        return command;
    }

    internal static string Written(MachineRanking ranking, string format) => format switch
    {
        CommandParts.Markdown => RankingText.Markdown(ranking),
        CommandParts.Json => RankingData.Json(ranking),
        CommandParts.Csv => RankingData.Csv(ranking),
        _ => RankingText.Plain(ranking),
    };
}
