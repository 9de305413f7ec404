using System.CommandLine;
using System.Text;
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
    private const string Formats = "text, markdown, json, csv";
    private const string AllKernels = "all";

    internal static Command Create(IAnsiConsole console)
    {
        var defaults = new ComparisonOptions();
        var folder = new Argument<string>("FOLDER") { Description = "A results folder with the folders of two machines or more.", DefaultValueFactory = _ => "results" };
        var framework = new Option<string>("--framework") { Description = "Rank the rows of this framework, as benchmarks.csv names it.", HelpName = "name", DefaultValueFactory = _ => NamedCase.OwnFramework };
        var kernels = new Option<string>("--kernels") { Description = $"Rank the rows of these kernels: {KernelKind.Plain.Word()}, {KernelKind.Fast.Word()} or {AllKernels}.", HelpName = "name", DefaultValueFactory = _ => AllKernels };
        kernels.AcceptOnlyFromAmong(KernelKind.Plain.Word(), KernelKind.Fast.Word(), AllKernels);
        var parts = new Option<bool>("--parts") { Description = "List parts of steps and epochs too. Default: whole ones alone." };
        var confidence = CompareCommand.Number("--confidence", "Level of the bounds.", defaults.Confidence);
        var launch = CompareCommand.Number("--launch-noise", "Spread from process to process that is assumed where the runs do not tell it; 0 assumes none.", defaults.LaunchNoise);
        var format = new Option<string?>("--format") { Description = $"One of {Formats}. Default: text.", HelpName = "name" };
        var output = new Option<string?>("--out") { Description = "Write there instead of to standard output.", HelpName = "file" };
        var command = new Command("rank", "Ranks the machines of a results folder by workload, the fastest first: ratios to the first with bounds, equal ranks where these reach 1, and a geometric "
            + "mean over the standard workloads, else over those that all share, else over those that a pair shares. Exit code 0: ranked, 2: bad input, or fewer than two machines.")
        {
            folder, framework, kernels, parts, confidence, launch, format, output,
        };
        command.SetAction(parsed =>
        {
            var write = Writer(parsed.GetValue(format) ?? "text", Formats);
            var options = new RankingOptions
            {
                Comparison = new ComparisonOptions { Confidence = parsed.GetValue(confidence) ?? defaults.Confidence, LaunchNoise = parsed.GetValue(launch) ?? defaults.LaunchNoise }.Validated(),
                Framework = parsed.GetValue(framework),
                Kernels = parsed.GetValue(kernels) switch { AllKernels => null, var word => word == KernelKind.Plain.Word() ? KernelKind.Plain : KernelKind.Fast },
                Parts = parsed.GetValue(parts),
            };
            var name = parsed.GetValue(folder)!;
            Emit(write(MachineRanking.OfMachines(Selection.Of(name, CheckedResults.Load(name)), options)), parsed.GetValue(output), console);
        });
        return command;
    }

    /// <summary>The writer of a format.</summary>
    /// <exception cref="UserErrorException">There is no such format.</exception>
    internal static Func<MachineRanking, string> Writer(string format, string formats) => format switch
    {
        "text" => RankingText.Plain,
        "markdown" => RankingText.Markdown,
        "json" => RankingData.Json,
        "csv" => RankingData.Csv,
        _ => throw new UserErrorException($"--format is '{format}'. Valid values: {formats}."),
    };

    /// <summary>Writes a text to the file, or to standard output as it is: the console would wrap it and take brackets for colours.</summary>
    internal static void Emit(string text, string? file, IAnsiConsole console)
    {
        if (file is null)
            console.Profile.Out.Writer.Write(text);
        else
            CompareCommand.Save(() => AtomicFile.Write(file, new UTF8Encoding(false).GetBytes(text)), "--out", file);
    }
}
