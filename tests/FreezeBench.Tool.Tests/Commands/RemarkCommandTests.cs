using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using FreezeBench.Tool.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

public sealed class RemarkCommandTests : IDisposable
{
    private const string Run = MadeUpResults.RunId;

    private readonly MadeUpResults results = new MadeUpResults().Filled();

    private string Remarks => Path.Combine(results.Folder, RemarkRow.FileName);

    public void Dispose() => results.Dispose();

    [Fact]
    public async Task RemarksAtOnce_WriteOne()
    {
        var runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ToolRun.Of("remark", Run, "--results", results.Root, "--times-disturbed", "a compiler ran"))));
        Assert.Equal([0, .. Enumerable.Repeat(2, 7)], runs.Select(run => run.ExitCode).Order());
        Assert.Equal(2, File.ReadAllLines(Path.Combine(results.Folder, "remarks.csv")).Length);
    }

    [Fact]
    public void Remark_IsARowBesideTheOthers_AndTheySayTheSameAsBefore()
    {
        var before = MadeUpResults.Contents(results.Root);

        var run = Remark(Run, "a build ran beside it");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var remark = Assert.Single(Assert.Single(ResultSet.Load(results.Root).Environments).Remarks);
        Assert.Equal((Run, RemarkRow.TimesDisturbed, "a build ran beside it"), (remark.RunId, remark.Remark, remark.Reason));
        File.Delete(Remarks);
        Assert.Equal(before, MadeUpResults.Contents(results.Root));
    }

    [Theory]
    [InlineData("20260102T030405Z-ffffffff", "why", "has the run_id '20260102T030405Z-ffffffff'")]
    [InlineData(Run, " ", "--times-disturbed is empty")]
    [InlineData(Run, "two\nlines", "needs a reason in one line")]
    public void BadRequest_SaysWhatIsWrong_AndWritesNothing(string id, string reason, string message)
    {
        var run = Remark(id, reason);

        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(message, run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Remarks));
    }

    [Fact]
    public void SecondRemark_IsRefused()
    {
        Remark(Run, "a build");

        Assert.Contains("already marked", Remark(Run, "a build").Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_TellsTheRemark_AndNothingElse()
    {
        Remark(Run, "a build");
        var run = ToolRun.Of("check", results.Root);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains($"the times of run {Run} were disturbed", run.Output.ReplaceLineEndings(" ").Replace("     ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("0 errors and 1 note", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run_id", "20260102T030405Z-ffffffff", "remark-without-run")]
    [InlineData("remark", "times_fine", "impossible-value")]
    [InlineData("environment_id", "another-1c-00000000", "row-environment")]
    public void Check_FindsRemarksThatCannotBe(string column, string value, string kind)
    {
        Remark(Run, "a build");
        results.Edit(RemarkRow.FileName, 2, column, value);
        var run = ToolRun.Of("check", results.Root, "--format", "github");

        Assert.Equal(ExitCode.Found, run.ExitCode);
        Assert.Contains(kind, run.Output, StringComparison.Ordinal);
        Assert.Contains($"{RemarkRow.FileName},line=2", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_TakesRemarksAlong_Once()
    {
        Remark(Run, "a build");
        var target = results.Another("target");

        Assert.Contains("remarks.csv", ToolRun.Of("merge", results.Root, "--into", target).Output, StringComparison.Ordinal);
        Assert.Contains("Nothing new", ToolRun.Of("merge", results.Root, "--into", target).Output, StringComparison.Ordinal);
        Assert.Equal(MadeUpResults.Contents(results.Root), MadeUpResults.Contents(target));
    }

    [Fact]
    public void List_SaysIt()
    {
        Remark(Run, "a build");

        Assert.Contains("times disturbed", ToolRun.Of("list", results.Root, "--runs").Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("\"times_disturbed\": true", ToolRun.Of("list", results.Root, "--format", "json").Output, StringComparison.Ordinal);
    }

    private ToolRun Remark(string run, string reason) => ToolRun.Of("remark", run, "--results", results.Root, "--times-disturbed", reason);
}
