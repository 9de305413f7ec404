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
/// <param name="Missing">Cells without a finished attempt.</param>
/// <param name="HasNews">Whether the results changed: a file of them was another one, or not there.</param>
internal sealed record MatrixMerge(IReadOnlyList<Cell> Merged, IReadOnlyList<Cell> Missing, bool HasNews)
{
    private const string ReportName = "report.html";

    /// <summary>Merges what there is.</summary>
    /// <exception cref="UserErrorException">No cell is done, or rows contradict each other.</exception>
    internal static MatrixMerge Run(IReadOnlyList<Cell> cells, JobFolder folder)
    {
        var chosen = cells.Select(cell => (Cell: cell, Finished: folder.Finished(cell))).ToList();
        var (done, missing) = (chosen.Where(pair => pair.Finished is not null).ToList(), chosen.Where(pair => pair.Finished is null).Select(pair => pair.Cell).ToList());
        if (done.Count == 0)
            throw new UserErrorException($"None of the {CellText.Count(cells.Count, "cell")} in {folder.Root} is done. See how they stand: freezebench matrix status.");
        FolderSwap.RemoveDead(folder.Results);
        var selection = new MergedSelection(done.ToDictionary(pair => pair.Cell.Id, pair => pair.Finished!.Value.Attempt.Name));
        var made = FolderSwap.Beside(folder.Results);
        try
        {
            ResultMerge.Run([.. done.Select(pair => Path.Combine(pair.Finished!.Value.Folder, Attempt.ResultsName))], made, dryRun: false);
            WriteReport(made);
            selection.Write(made);
            // Of what is there now, not of a record of what was made once: somebody may have deleted or changed it since.
            var hasNews = !FolderContents.HasAll(folder.Results, made);
            if (hasNews)
                FolderSwap.Into(made, folder.Results);
            return new MatrixMerge([.. done.Select(pair => pair.Cell)], missing, hasNews);
        }
        finally
        {
            if (Directory.Exists(made))
                Directory.Delete(made, recursive: true);
        }
    }

    private static void WriteReport(string results)
    {
        var report = ReportBuilder.Build(CheckedResults.Load(results), Prices.Parse([]));
        using var writer = new StreamWriter(Path.Combine(results, ReportName), append: false, new UTF8Encoding(false)) { NewLine = "\n" };
        HtmlReport.Write(report, plotted: null, writer);
    }
}
