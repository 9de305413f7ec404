using FreezeBench.Results.Rows;
using FreezeBench.Tool.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

/// <summary>What check calls impossible, no report and no comparison is made of.</summary>
public sealed class SpoiltResultsTests : IDisposable
{
    private readonly MadeUpResults results = new MadeUpResults().Filled();

    public void Dispose() => results.Dispose();

    [Fact]
    public void EveryDecimalPointRemoved_AsBySpreadsheets_IsRefused_ByReportAndCompare()
    {
        Assert.Equal(0, Report().ExitCode);
        foreach (var file in new[] { BenchmarkRow.FileName, SampleRow.FileName, AccuracyRow.FileName })
            results.Change(file, lines =>
            {
                for (var line = 1; line < lines.Count; line++)
                    // Numbers alone: run ids and times have no point in them.
                    lines[line] = string.Join(',', lines[line].Split(',').Select(cell => double.TryParse(cell, out _) ? cell.Replace(".", "", StringComparison.Ordinal) : cell));
            });
        foreach (var run in new[] { Report(), ToolRun.Of("compare", results.Root, results.Root), ToolRun.Of("advise", results.Root), ToolRun.Of("rank", results.Root), ToolRun.Of("peers", results.Root) })
        {
            Assert.Equal(ExitCode.BadInput, run.ExitCode);
            Assert.Contains("holds numbers that cannot be, and nothing is made of them:", run.Errors, StringComparison.Ordinal);
            Assert.Contains(".csv, line 2, ", run.Errors, StringComparison.Ordinal);
        }
    }

    // Finite, and beyond what a mean can be made of.
    [Theory]
    [InlineData("samples.csv", "value_ms")]
    [InlineData("benchmarks.csv", "mean_ms")]
    [InlineData("accuracy.csv", "train_time_s")]
    public void NumberBeyondAllUse_IsRefusedWithItsLine_ByEveryCommand(string file, string column)
    {
        results.Change(file, lines =>
        {
            var cells = lines[1].Split(',');
            cells[Array.IndexOf(lines[0].Split(','), column)] = "-1e308";
            lines[1] = string.Join(',', cells);
        });
        foreach (var run in new[] { Report(), ToolRun.Of("check", results.Root), ToolRun.Of("compare", results.Root, results.Root), ToolRun.Of("rank", results.Root), ToolRun.Of("advise", results.Root), ToolRun.Of("merge", results.Root, "--into", Path.Combine(results.Root, "merged")) })
        {
            Assert.NotEqual(0, run.ExitCode);
            Assert.Matches($"{file}.*line 2.*{column}.*up to 1E\\+150", string.Join(' ', (run.Output + run.Errors).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        }
    }

    [Fact]
    public void DuplicatedRow_IsNamedByFileAndLine_ByCompareAndReport()
    {
        results.Change(BenchmarkRow.FileName, lines => lines.Add(lines[1]));
        foreach (var run in new[] { Report(), ToolRun.Of("compare", results.Root, results.Root), ToolRun.Of("advise", results.Root) })
            Assert.Contains("benchmarks.csv, line 3: this case is in line 2 already.", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(";")]
    [InlineData("\t")]
    public void FileOfASpreadsheet_IsCalledOne(string separator)
    {
        results.Change(BenchmarkRow.FileName, lines =>
        {
            for (var line = 0; line < lines.Count; line++)
                lines[line] = lines[line].Replace(",", separator, StringComparison.Ordinal);
        });
        foreach (var run in new[] { Report(), ToolRun.Of("compare", results.Root, results.Root), ToolRun.Of("advise", results.Root) })
            Assert.Contains("a spreadsheet has saved it", run.Errors, StringComparison.Ordinal);
        Assert.Contains("a spreadsheet has saved it", ToolRun.Of("check", results.Root, "--format", "json").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list", "")]
    [InlineData("check", "")]
    [InlineData("report", "", "--out", "x.md")]
    [InlineData("report", "results", "--out", "")]
    [InlineData("merge", "", "--into", "x")]
    [InlineData("merge", "x", "--into", "")]
    [InlineData("compare", "", "x")]
    [InlineData("compare", "x", "")]
    [InlineData("compare", "x", "y", "--results", "")]
    [InlineData("compare", "x", "y", "--out", "")]
    [InlineData("remark", "20260102T030405Z-0011aabb", "--results", "", "--times-disturbed", "x")]
    [InlineData("peers", "")]
    public void EmptyPath_IsOneMessage(params string[] arguments)
    {
        var run = ToolRun.Of(arguments);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("is empty; give a path (an unset variable of a shell gives an empty one).", run.Errors, StringComparison.Ordinal);
    }

    private ToolRun Report() => ToolRun.Of("report", results.Root, "--out", "-", "--format", "md");
}
