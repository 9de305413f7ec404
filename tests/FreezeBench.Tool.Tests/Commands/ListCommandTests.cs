using System.Globalization;
using System.Text.Json;
using FreezeBench.Tool.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

public sealed class ListCommandTests : IDisposable
{
    private readonly MadeUpResults results = new MadeUpResults().Filled().Filled(MadeUpResults.LaterRunId);

    public void Dispose() => results.Dispose();

    [Fact]
    public void Environment_IsSummedUp()
    {
        var run = ToolRun.Of("list", results.Root);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal($"""
            {MadeUpResults.Id}
              name      AMD EPYC, AVX-512, 2 cores
              rows      2 cases, 10 samples, 12 epochs, 4 ends of runs
              runs      2
              dates     2026-01-02
              commits   01234567
              suites    step
              policies  fine-tune, frozen
              data sets cifar10, synthetic
              seeds     1, 2

            """.ReplaceLineEndings("\n"), run.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Runs_AreNamedWithin80Columns()
    {
        var lines = ToolRun.Of("list", results.Folder, "--runs").Output.Split('\n');
        Assert.Equal($"  {MadeUpResults.RunId}  01234567, step, cifar10, synthetic, 1 case, 6", lines[10]);
        Assert.Equal("      epochs, 2 ends, seeds 1,2", lines[11]);
        Assert.StartsWith($"  {MadeUpResults.LaterRunId}  ", lines[12]);
        Assert.All(lines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Json_HasEveryRun_AndIsTheSameInEveryCulture()
    {
        var culture = CultureInfo.CurrentCulture;
        var expected = ToolRun.Of("list", results.Root, "--format", "json");
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(expected, ToolRun.Of("list", results.Root, "--format", "json"));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
        var runs = JsonDocument.Parse(expected.Output).RootElement.GetProperty("environments")[0].GetProperty("runs");
        Assert.Equal([MadeUpResults.RunId, MadeUpResults.LaterRunId], runs.EnumerateArray().Select(run => run.GetProperty("run_id").GetString()));
        Assert.Equal("2026-01-02T04:03:02Z", runs[0].GetProperty("last_utc_time").GetString());
        Assert.Equal(6, runs[0].GetProperty("epochs").GetInt32());
    }

    [Fact]
    public void MalformedFile_IsABadRequest()
    {
        results.Edit("runs.csv", 3, "seed", "one");
        var run = ToolRun.Of("list", results.Root);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("line 3, column seed: 'one' is not valid", run.Errors);
    }

    [Fact]
    public void MissingFolder_IsABadRequest() => Assert.Equal(ExitCode.BadInput, ToolRun.Of("list", results.Another("missing")).ExitCode);

    [Theory]
    [InlineData("check", "[default: results]", "--strict", "[default: text]")]
    [InlineData("list", "[default: results]", "--runs", "[default: text]")]
    [InlineData("merge", "--into", "--dry-run", "Default: write.")]
    public void Help_ShowsOptionsAndDefaults(string command, params string[] texts)
    {
        var run = ToolRun.Of(command, "--help");
        Assert.Equal(0, run.ExitCode);
        Assert.All(texts, text => Assert.Contains(text, run.Output));
    }
}
