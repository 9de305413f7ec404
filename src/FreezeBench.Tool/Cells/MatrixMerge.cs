using System.Text;
using FreezeBench.Results;
using FreezeBench.Results.Checks;
using FreezeBench.Results.Merging;
using FreezeBench.Results.Reports;
using FreezeBench.Tool.Html;

namespace FreezeBench.Tool.Cells;

/// <summary>Brings the rows of the cells together: of each cell those of one finished attempt, and the report of all.</summary>
/// <remarks>Everything is made beside the results and takes their place at the end, from the attempts alone: a merge that is killed changes nothing, and
/// another one comes to the same bytes.</remarks>
/// <param name="Merged">Cells in the rows.</param>
/// <param name="Missing">Cells without a finished attempt that counts.</param>
/// <param name="LeftOut">Attempts that do not count, though they may have finished.</param>
/// <param name="HasNews">Whether the results changed: a file of them was another one, or not there.</param>
internal sealed record MatrixMerge(IReadOnlyList<Cell> Merged, IReadOnlyList<Cell> Missing, IReadOnlyList<(Cell Cell, BadAttempt Attempt)> LeftOut, bool HasNews)
{
    private const string ReportName = "report.html";

    /// <summary>Merges what there is, and leaves out what cannot be used.</summary>
    /// <exception cref="UserErrorException">No cell is done, or the results cannot be written.</exception>
    internal static MatrixMerge Run(IReadOnlyList<Cell> cells, JobFolder folder)
    {
        var looks = cells.Select(cell => (Cell: cell, Look: folder.Look(cell))).ToList();
        List<(Cell Cell, BadAttempt Attempt)> leftOut = [.. looks.SelectMany(pair => pair.Look.Bad.Select(bad => (pair.Cell, bad)))];
        var done = looks.Where(pair => pair.Look.Finished is not null).Select(pair => (pair.Cell, pair.Look.Finished!.Value.Folder)).ToList();
        if (done.Count == 0)
            throw NothingToMerge($"None of the {CellText.Count(cells.Count, "cell")} in {folder.Root} is done.", leftOut);
        FolderSwap.RemoveDead(folder.Results);
        var made = FolderSwap.Beside(folder.Results);
        try
        {
            var merged = Combine(done, made, leftOut);
            MergedRemarks.Keep(folder.Results, made);
            WriteReport(made);
            new MergedSelection(merged.ToDictionary(pair => pair.Cell.Id, pair => Path.GetFileName(pair.Folder))).Write(made);
            // Of what is there now, not of a record of what was made once: somebody may have deleted or changed it since.
            var hasNews = !FolderContents.HasAll(folder.Results, made);
            if (hasNews)
                FolderSwap.Into(made, folder.Results);
            return new MatrixMerge([.. merged.Select(pair => pair.Cell)], [.. cells.Except(merged.Select(pair => pair.Cell))], leftOut, hasNews);
        }
        finally
        {
            FolderSwap.Remove(made);
        }
    }

    // Attempts that are sound each for itself can contradict each other, as a copy that somebody changed does: then whatever does not go with those before it is left out.
    private static List<(Cell Cell, string Folder)> Combine(List<(Cell Cell, string Folder)> done, string made, List<(Cell, BadAttempt)> leftOut)
    {
        try
        {
            ResultMerge.Run([.. done.Select(Rows)], made, dryRun: false);
            return done;
        }
        catch (UserErrorException) when (Refusal(done, made) is not null)
        {
            // Told below, of each attempt. Without a refusal it was the writing that failed, of which no attempt is the cause.
        }
        List<(Cell Cell, string Folder)> fitting = [];
        foreach (var one in done)
        {
            if (Refusal([one], made) is { } refusal)
            {
                leftOut.Add((one.Cell, new BadAttempt(one.Folder, refusal)));
                continue;
            }
            ResultMerge.Run([Rows(one)], made, dryRun: false);
            fitting.Add(one);
        }
        if (fitting.Count == 0)
            throw NothingToMerge($"No rows of the {CellText.Count(done.Count, "cell")} that are done can be merged.", leftOut);
        // Once more and all at once, as if the others had never been: rows come in one order then, whatever was tried before.
        Directory.Delete(made, recursive: true);
        ResultMerge.Run([.. fitting.Select(Rows)], made, dryRun: false);
        return fitting;
    }

    private static UserErrorException NothingToMerge(string said, List<(Cell Cell, BadAttempt Attempt)> leftOut) =>
        new($"{said}{string.Concat(leftOut.Select(pair => $"\n  {CellText.Of(pair.Cell, pair.Attempt)}"))}{(leftOut.Count > 0 ? "\n" : " ")}See how the cells stand: freezebench matrix status.");

    private static string? Refusal(List<(Cell Cell, string Folder)> some, string made)
    {
        try
        {
            ResultMerge.Run([.. some.Select(Rows)], made, dryRun: true);
            return null;
        }
        catch (UserErrorException error)
        {
            return error.Message;
        }
    }

    private static string Rows((Cell Cell, string Folder) one) => Path.Combine(one.Folder, Attempt.ResultsName);

    private static void WriteReport(string results)
    {
        var report = ReportBuilder.Build(CheckedResults.Load(results), Prices.Parse([]));
        using var writer = new StreamWriter(Path.Combine(results, ReportName), append: false, new UTF8Encoding(false)) { NewLine = "\n" };
        HtmlReport.Write(report, plotted: null, writer);
    }
}
