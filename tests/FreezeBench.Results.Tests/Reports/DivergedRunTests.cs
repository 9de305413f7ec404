using FreezeBench.Results.Reports;
using FreezeBench.Results.Rows;
using Xunit;
using static FreezeBench.Results.Tests.Reports.MadeUp;

namespace FreezeBench.Results.Tests.Reports;

public class DivergedRunTests
{
    [Fact]
    public void DivergedRun_IsShown_AndTheAnswerSaysThatThereIsNoComparison()
    {
        AccuracyRow[] frozen = [.. Training("frozen", 1, 500, 800)];
        AccuracyRow[] tuned = [.. Training("fine-tune", 1, 300)];
        var report = Of(frozen, tuned, End(tuned[^1], RunRow.Diverged));
        var run = Assert.Single(report.DivergedRuns);
        Assert.Equal(("fine-tune", 1, tuned[0].RunId), (run.Policy, run.Seed, run.RunId));
        Assert.EndsWith("accuracy: no comparison, since fine-tune diverged: its loss was no number any more.", report.Answer, StringComparison.Ordinal);
        var text = new StringWriter();
        MarkdownReport.Write(new Report { Overview = new Overview { Sentences = [] }, Environments = [report], Matrices = [] }, text);
        Assert.Contains("Diverged: fine-tune, seed 1, diverged in epoch", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void RunThatALaterOneMadeGood_IsNotShown()
    {
        AccuracyRow[] frozen = [.. Training("frozen", 1, 500, 800)];
        AccuracyRow[] tuned = [.. Training("fine-tune", 1, 300, 900)];
        AccuracyRow[] later = [.. tuned.Select(row => row with { RunId = NewerRun })];
        var report = Of(frozen, later, End(tuned[^1], RunRow.Diverged), End(later[^1], RunRow.Finished));
        Assert.Empty(report.DivergedRuns);
        Assert.DoesNotContain("diverged", report.Answer, StringComparison.Ordinal);
    }

    private static EnvironmentReport Of(AccuracyRow[] frozen, AccuracyRow[] tuned, params RunRow[] ends) =>
        ReportBuilder.Build(Set(Environment([], [.. frozen, .. tuned], [End(frozen[^1], RunRow.Finished), .. ends]))).Environments[0];
}
