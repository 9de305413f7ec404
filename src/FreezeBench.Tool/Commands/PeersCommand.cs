using System.CommandLine;
using System.Text.RegularExpressions;
using FreezeBench.Results;
using FreezeBench.Results.Checks;
using FreezeBench.Results.Comparison;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command peers: TorchSharp beside another framework on the same machine.</summary>
internal static partial class PeersCommand
{
    internal static Command Create(IAnsiConsole console, TextWriter standardError)
    {
        var folder = CommandParts.Folder();
        var since = new Option<string?>("--since") { Description = "Only runs whose run_id is this or later, such as 20260102T030405Z. Default: all.", HelpName = "run" };
        var brief = new Option<bool>("--brief") { Description = "Whole steps and epochs alone, without the phases of a step." };
        var format = CommandParts.TableFormat();
        var output = CommandParts.Out();
        var command = new Command("peers", "How many times as long TorchSharp takes as another framework (PyTorch), and how much memory, case by case, on each machine that measured both: a comparison by framework (see compare), "
            + "where threads and memory format are equal too. The other framework is BASE, TorchSharp DIFF.")
        {
            folder, since, brief, format, output,
        };
        command.SetAction(parsed =>
        {
            var earliest = parsed.GetValue(since);
            if (earliest is not null && !RunIdStart().IsMatch(earliest))
                throw new UserErrorException($"--since is '{earliest}'; it must be a run_id or its beginning, a UTC time such as 20260102 or 20260102T030405Z.");
            var name = parsed.GetValue(folder)!;
            var side = Selection.Of(earliest is null ? name : $"{name} since {earliest}", CheckedResults.Load(name), measured => earliest is null || string.CompareOrdinal(measured.Row.RunId, earliest) >= 0);
            var peers = PeerComparison.Of(side, parsed.GetValue(brief), new ComparisonOptions());
            CommandParts.Emit(parsed.GetValue(format) switch
            {
                CommandParts.Markdown => string.Join('\n', peers.Pairs.Select(pair => PairText.Markdown(pair, memory: true))),
                CommandParts.Json => ComparisonJson.Write(peers.Pairs),
                CommandParts.Csv => ComparisonCsv.Write(peers.Pairs),
                _ => string.Join('\n', peers.Pairs.Select(pair => PairText.Plain(pair, memory: true))),
            }, parsed.GetValue(output), console);
            foreach (var left in peers.LeftOut)
                standardError.WriteLine($"Left out: {left}.");
        });
        return command;
    }

    [GeneratedRegex("^[0-9]{8}(T[0-9]{6}(Z(-[0-9a-f]{8})?)?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex RunIdStart();
}
