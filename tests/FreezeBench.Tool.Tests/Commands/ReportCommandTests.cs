using System.Text;
using FreezeBench.Tool.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

public sealed class ReportCommandTests : IDisposable
{
    private readonly MadeUpResults madeUp = new MadeUpResults().Filled();

    private readonly string folder = Directory.CreateTempSubdirectory("freezebench-report-").FullName;

    private string Results => madeUp.Root;

    public void Dispose()
    {
        madeUp.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void EachOutput_IsWrittenInTheFormatThatItsEndTells()
    {
        var (html, markdown, json) = (File("r.html"), File("r.md"), File("r.JSON"));

        // Of the committed results, once: they are much larger.
        var run = ToolRun.Of("report", Path.Combine(Repository.Root, "results"), "--out", html, "--out", markdown, "--out", json);

        Assert.Equal((0, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("<!DOCTYPE html>", System.IO.File.ReadAllText(html), StringComparison.Ordinal);
        Assert.StartsWith("<!--", System.IO.File.ReadAllText(markdown), StringComparison.Ordinal);
        Assert.StartsWith("{", System.IO.File.ReadAllText(json), StringComparison.Ordinal);
        Assert.Equal([html, markdown, json], run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[1]));
        Assert.Equal(3, Directory.EnumerateFiles(folder).Count());
    }

    [Fact]
    public void FreshFile_PassesTheCheck()
    {
        ToolRun.Of("report", Results, "--out", File("r.html"));

        var run = ToolRun.Of("report", Results, "--out", File("r.html"), "--check");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("r.html is fresh", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void StaleFile_FailsTheCheck_IsLeftAsItIs_AndTheCommandThatRebuildsItIsTold()
    {
        System.IO.File.WriteAllText(File("r.md"), "old");

        var run = ToolRun.Of("report", Results, "--out", File("r.md"), "--check");

        Assert.Equal(ExitCode.Found, run.ExitCode);
        Assert.Contains($"r.md is stale: the results say something else now. Rebuild it with: freezebench report {Results} --out {File("r.md")}", run.Errors, StringComparison.Ordinal);
        Assert.Equal("old", System.IO.File.ReadAllText(File("r.md")));
    }

    [Fact]
    public void MissingFile_FailsTheCheck_AndTheOthersAreCheckedToo()
    {
        ToolRun.Of("report", Results, "--out", File("r.json"));

        var run = ToolRun.Of("report", Results, "--out", File("r.md"), "--out", File("r.json"), "--check");

        Assert.Equal(ExitCode.Found, run.ExitCode);
        Assert.Contains("r.md is missing. Write it with: ", run.Errors, StringComparison.Ordinal);
        Assert.Contains("r.json is fresh", run.Output, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File("r.md")));
    }

    [Fact]
    public void StandardOutput_IsTheReportAlone()
    {
        ToolRun.Of("report", Results, "--out", File("r.json"));

        var run = ToolRun.Of("report", Results, "--out", "-", "--format", "json");

        Assert.Equal(System.IO.File.ReadAllText(File("r.json"), Encoding.UTF8), run.Output);
        Assert.Equal("", run.Errors);
    }

    [Theory]
    [InlineData("Option '--out' is required")]
    [InlineData("ends in none of .html, .md, .json", "--out", "report.pdf")]
    [InlineData("its folder does not exist", "--out", "no-such-folder/report.md")]
    [InlineData("needs --format with one of html, md, json", "--out", "-")]
    [InlineData("--format is 'pdf'. Valid values: html, md, json.", "--out", "-", "--format", "pdf")]
    [InlineData("a file's end tells its format", "--out", "r.md", "--format", "md")]
    [InlineData("Two --out name the same file", "--out", "r.md", "--out", "r.md")]
    [InlineData("--check compares with a file", "--out", "-", "--format", "md", "--check")]
    [InlineData("no --out ends in .html", "--out", "r.md", "--environment", "x")]
    [InlineData("has no environment x. It has ", "--out", "r.html", "--environment", "x")]
    public void BadRequest_SaysWhatIsWrong(string message, params string[] options)
    {
        var run = ToolRun.Of(["report", Results, .. options]);

        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFolder_IsABadRequest()
    {
        var run = ToolRun.Of("report", File("nothing"), "--out", File("r.md"));

        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("nothing does not exist", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_TellsTheDefaults()
    {
        var run = ToolRun.Of("report", "--help");

        Assert.Contains("[default: results]", run.Output, StringComparison.Ordinal);
        Assert.Contains("By default the first 12", string.Join(' ', run.Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private string File(string name) => Path.Combine(folder, name);
}
