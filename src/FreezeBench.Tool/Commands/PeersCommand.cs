using System.CommandLine;
using System.Text.RegularExpressions;
using FreezeBench.Results;
using FreezeBench.Results.Checks;
using FreezeBench.Tool.Peers;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command peers: TorchSharp beside another framework on the same machine.</summary>
internal static partial class PeersCommand
{
    private const string Plain = "text";
    private const string Markdown = "markdown";

    internal static Command Create(IAnsiConsole console)
    {
        var folder = new Argument<string>("folder") { Description = "Results folder", DefaultValueFactory = _ => "results" };
        var since = new Option<string?>("--since") { Description = "Only runs whose run_id is this or later, such as 20260102T030405Z. Default: all.", HelpName = "run" };
        var format = new Option<string>("--format") { Description = $"{Plain} or {Markdown}", DefaultValueFactory = _ => Plain };
        format.AcceptOnlyFromAmong(Plain, Markdown);
        var brief = new Option<bool>("--brief") { Description = "Whole steps and epochs alone, without the phases of a step" };
        var command = new Command("peers", "How many times as long TorchSharp takes as another framework (PyTorch), case by case, on the same machine.") { folder, since, brief, format };
        command.SetAction(parsed =>
        {
            var earliest = parsed.GetValue(since);
            if (earliest is not null && !RunIdStart().IsMatch(earliest))
                throw new UserErrorException($"--since is '{earliest}'; it must be a run_id or its beginning, a UTC time such as 20260102 or 20260102T030405Z.");
            var table = PeerTable.Of(CheckedResults.Load(parsed.GetValue(folder)!), earliest);
            if (parsed.GetValue(brief))
                table = table.WithoutParts();
            // Not by the console, which would break lines at the terminal's width and read brackets as markup.
            console.Profile.Out.Writer.Write(parsed.GetValue(format) == Markdown ? PeerText.Markdown(table) : PeerText.Plain(table));
        });
        return command;
    }

    [GeneratedRegex("^[0-9]{8}(T[0-9]{6}(Z(-[0-9a-f]{8})?)?)?$", RegexOptions.CultureInvariant)]
    private static partial Regex RunIdStart();
}
