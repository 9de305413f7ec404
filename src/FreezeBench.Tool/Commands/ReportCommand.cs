using System.CommandLine;
using FreezeBench.Results;
using FreezeBench.Results.Checks;
using FreezeBench.Results.Reports;
using FreezeBench.Tool.Html;
using Spectre.Console;

namespace FreezeBench.Tool.Commands;

/// <summary>The command report: turns result files into a page, a Markdown file or JSON.</summary>
internal static class ReportCommand
{
    internal static Command Create(IAnsiConsole console, TextWriter standardError)
    {
        var folder = CommandParts.Folder();
        var outputs = new Option<string[]>("--out") { Description = "File to write, .html, .md or .json; - is standard output, with --format. Repeat it for several", Required = true };
        var format = new Option<string?>("--format") { Description = $"Format of standard output: {ReportOutput.ValidFormats}. Files are told by their ends" };
        var environments = new Option<string[]>("--environment")
        {
            Description = $"Id of an environment that the page shows with plots; repeat it for several. By default the first {HtmlReport.PlottedEnvironments}; the others keep their tables",
        };
        var prices = new Option<string[]>("--price") { Description = $"What an hour of a machine costs in EUR, for costs of epochs and trainings: {Prices.Form}. The name is the machine's in the report, or an environment id; repeat it for several", HelpName = "name=eur" };
        var pricesFile = new Option<string?>("--prices") { Description = "A file of such prices: .csv with the header name,price, or .json, a list of objects with name and price", HelpName = "file" };
        var check = new Option<bool>("--check") { Description = "Write nothing; exit with 1 where a file is missing or differs from what would be written" };
        var command = new Command("report", "Turns result files into a report: the answer for each environment, tables, plots.") { folder, outputs, format, environments, prices, pricesFile, check };
        command.SetAction(parsed =>
        {
            var (results, ids) = (parsed.GetValue(folder)!, parsed.GetValue(environments) ?? []);
            var files = ReportOutput.All(parsed.GetValue(outputs) ?? [], parsed.GetValue(format));
            if (ids.Length > 0 && files.All(file => file.Format != "html"))
                throw new UserErrorException("--environment chooses the plots of an HTML page, and no --out ends in .html.");
            if (parsed.GetValue(check) && files.Any(file => file.Path is null))
                throw new UserErrorException("--check compares with a file that is there; standard output has none. Give --out FILE.");
            var report = ReportBuilder.Build(CheckedResults.Load(results), Prices.Parse(parsed.GetValue(prices) ?? [], parsed.GetValue(pricesFile)));
            if (ids.Where(id => report.Environments.All(environment => environment.Id != id)).ToList() is { Count: > 0 } unknown)
                throw new UserErrorException($"{results} has no environment {string.Join(", ", unknown)}. It has {string.Join(", ", report.Environments.Select(environment => environment.Id))}.");

            IReadOnlyCollection<string>? plotted = ids.Length > 0 ? ids : null;
            if (parsed.GetValue(check))
                return files.Select(file => IsFresh(file, file.Bytes(report, plotted), Rebuild(results, file, ids, parsed.GetValue(prices) ?? [], parsed.GetValue(pricesFile)), console, standardError)).ToList().All(fresh => fresh) ? 0 : ExitCode.Found;
            foreach (var file in files)
                Write(file, file.Bytes(report, plotted), console, standardError);
            return 0;
        });
        return command;
    }

    private static void Write(ReportOutput output, byte[] bytes, IAnsiConsole console, TextWriter standardError)
    {
        if (output.Path is not { } path)
        {
            // Not through the console, which would wrap lines.
            console.Profile.Out.Writer.Write(System.Text.Encoding.UTF8.GetString(bytes));
            return;
        }
        try
        {
            AtomicFile.Write(path, bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The report cannot be written to {path}: {error.Message}", error);
        }
        // On standard error: standard output may be a report.
        standardError.WriteLine($"Wrote {ForeignText.Shown(path, ForeignText.LongestLine)} ({Numbers.Count((bytes.Length + 1023) / 1024)} KiB).");
    }

    private static bool IsFresh(ReportOutput output, byte[] bytes, string rebuild, IAnsiConsole console, TextWriter standardError)
    {
        if (!Path.Exists(output.Path))
            standardError.WriteLine($"{output.Path} is missing. Write it with: {rebuild}");
        else if (!Holds(output.Path, bytes))
            standardError.WriteLine($"{output.Path} is stale: the results say something else now. Rebuild it with: {rebuild}");
        else
        {
            console.Profile.Out.Writer.WriteLine($"{output.Path} is fresh.");
            return true;
        }
        return false;
    }

    private static bool Holds(string path, byte[] bytes)
    {
        try
        {
            return RegularFile.Holds(path, bytes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The report {path} cannot be read: {error.Message}", error);
        }
    }

    private static string Rebuild(string folder, ReportOutput output, IEnumerable<string> ids, IEnumerable<string> prices, string? pricesFile) =>
        $"freezebench report {folder} --out {output.Path}{(output.Format == "html" ? string.Concat(ids.Select(id => $" --environment {id}")) : "")}{string.Concat(prices.Select(price => $" --price '{price}'"))}{(pricesFile is null ? "" : $" --prices '{pricesFile}'")}";
}
