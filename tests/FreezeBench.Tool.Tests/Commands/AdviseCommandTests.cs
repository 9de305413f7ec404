using System.Globalization;
using System.Text.Json;
using FreezeBench.Results.Rows;
using FreezeBench.Tool.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

public sealed class AdviseCommandTests : IDisposable
{
    private static readonly string committed = Path.Combine(Repository.Root, "results");

    private readonly MadeUpResults results = new MadeUpResults().Filled();

    public void Dispose() => results.Dispose();

    [Fact]
    public void CommittedResults_AreAdvisedFrom_Within80Columns()
    {
        var run = ToolRun.Of("advise", committed);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var words = string.Join(' ', run.Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        // The post's question at 64 px: one epoch of fine-tuning, or ten on cached features.
        Assert.Contains("fine-tune after 1 epoch is within 1 point of the best in the least training time, 501 s: test accuracy 78.1 % (77.3 to 78.9), n = 1. It is the best that was measured.", words, StringComparison.Ordinal);
        Assert.Contains("fine-tune overtakes frozen-cached at its best (69.8 %, 9 epochs, 110 s) after 1 epoch, 501 s: 8.3 (7.1 to 9.5) points higher.", words, StringComparison.Ordinal);
        Assert.All(run.Output.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Json_IsTheSameInEveryCulture_AndInAFile()
    {
        string[] words = ["advise", committed, "--format", "json", "--time-budget", "2.5m", "--within", "0.5"];
        var culture = CultureInfo.CurrentCulture;
        var expected = ToolRun.Of(words);
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(expected, ToolRun.Of(words));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
        using var json = JsonDocument.Parse(expected.Output);
        Assert.Equal((150, 0.5), (json.RootElement.GetProperty("time_budget_s").GetDouble(), json.RootElement.GetProperty("within_points").GetDouble()));
        Assert.NotEqual(0, json.RootElement.GetProperty("groups").GetArrayLength());
        var file = results.Another("advice.json");
        Assert.Equal((0, "", ""), (ToolRun.Of([.. words, "--out", file]) is var run ? (run.ExitCode, run.Output, run.Errors) : default));
        Assert.Equal(expected.Output, File.ReadAllText(file));
    }

    [Fact]
    public void FoldersOfOneEnvironment_ArePutTogether()
    {
        // One folder has frozen and one has fine-tune; only together they are two policies.
        AccuracyRow[] Epochs(string policy) =>
            [.. Enumerable.Range(1, 3).Select(epoch => MadeUpResults.Epoch(MadeUpResults.RunId, 1, epoch) with { Policy = policy, PolicyInForce = policy, Weights = "real.pth", TrainTotal = 3000, TrainCorrect = 750, TestTotal = 500, TestCorrect = 100 * epoch, TestAccuracyFraction = 0.2 * epoch, ThroughputImagesPerS = 3000 / (0.1 * epoch) })];
        string Filled(string name, string policy)
        {
            var store = new ResultStore(Path.Combine(results.Another(name), MadeUpResults.Id));
            store.WriteEnvironment(MadeUpResults.Environment);
            store.Append(Epochs(policy));
            store.Append(MadeUpResults.End(Epochs(policy)));
            return results.Another(name);
        }
        var (first, second) = (Filled("first", "frozen"), Filled("second", "fine-tune"));

        Assert.Contains("fine-tune alone was trained", string.Join(' ', ToolRun.Of("advise", second).Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        var run = ToolRun.Of("advise", first, second);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("\nfine-tune has not overtaken frozen", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--within", "101", "--within is 101; it must be from 0 to 100 percentage points.")]
    [InlineData("--within", "one", "--within is 'one'; it must be a number")]
    [InlineData("--time-budget", "soon", "--time-budget is 'soon'; it must be a time such as 90, 90s, 15m or 2h.")]
    [InlineData("--time-budget", "0h", "--time-budget is 0; it must be above 0 seconds.")]
    [InlineData("--time-budget", "-5", "--time-budget is '-5'")]
    [InlineData("--format", "csv", "'csv'")]
    [InlineData("--out", "missing/a/b", "missing")]
    public void BadRequest_IsToldWithItsValue(string option, string value, string message)
    {
        var run = ToolRun.Of("advise", results.Root, option, value);
        Assert.Equal((ExitCode.BadInput, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void NumbersThatCannotBe_AreNotAdvisedFrom()
    {
        results.Edit("accuracy.csv", 2, "test_accuracy_fraction", "1.5");
        Assert.Equal((ExitCode.BadInput, ""), ToolRun.Of("advise", results.Root) is var run ? (run.ExitCode, run.Output) : default);
    }

    [Fact]
    public void NothingTrained_IsABadRequest()
    {
        File.Delete(Path.Combine(results.Folder, "accuracy.csv"));
        File.Delete(Path.Combine(results.Folder, "runs.csv"));
        Assert.Contains("has no trained run to advise from", ToolRun.Of("advise", results.Root).Errors, StringComparison.Ordinal);
    }
}
