using FreezeBench.Tool.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

/// <summary>Folders under results/archive: only check reads them, and who is given them by name.</summary>
public sealed class ArchiveTests : IDisposable
{
    private readonly MadeUpResults results = new MadeUpResults().Filled();

    public ArchiveTests()
    {
        Directory.CreateDirectory(Path.Combine(results.Root, "archive"));
        Directory.Move(results.Folder, Path.Combine(results.Root, "archive", MadeUpResults.Id));
    }

    public void Dispose() => results.Dispose();

    [Fact]
    public void AlreadyAlone_ItIsNoResult()
    {
        foreach (var words in new string[][] { ["list", results.Root], ["report", results.Root, "--out", "-", "--format", "md"], ["rank", results.Root], ["advise", results.Root], ["compare", MadeUpResults.Id, MadeUpResults.Id, "--results", results.Root] })
            Assert.Equal(ExitCode.BadInput, ToolRun.Of(words).ExitCode);
    }

    [Fact]
    public void BesideOthers_ItChangesNothing_ButIsChecked()
    {
        using var alone = new MadeUpResults().Filled();
        results.Filled();
        // As bad as can be: no report is to fail over what counts no more.
        File.AppendAllText(Path.Combine(results.Root, "archive", MadeUpResults.Id, "accuracy.csv"), "x\n");

        foreach (var words in new string[][] { ["list", "", "--runs"], ["report", "", "--out", "-", "--format", "md"], ["advise", ""] })
            Assert.Equal(ToolRun.Of([words[0], alone.Root, .. words[2..]]), ToolRun.Of([words[0], results.Root, .. words[2..]]));
        var check = ToolRun.Of("check", results.Root);
        Assert.Equal(ExitCode.Found, check.ExitCode);
        Assert.StartsWith($"archive/{MadeUpResults.Id}/accuracy.csv\n", check.Output, StringComparison.Ordinal);
        Assert.EndsWith(" of 2 environments.", string.Join(' ', check.Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(0, ToolRun.Of("check", alone.Root).ExitCode);
    }

    [Fact]
    public void ByName_ItIsReadAsAnyOther() => Assert.Contains(MadeUpResults.RunId, ToolRun.Of("list", Path.Combine(results.Root, "archive"), "--runs").Output, StringComparison.Ordinal);
}
