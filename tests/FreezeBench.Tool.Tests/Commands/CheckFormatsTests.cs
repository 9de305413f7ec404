using System.Globalization;
using FreezeBench.Results.Checks;
using FreezeBench.Tool.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

/// <summary>How findings are printed, and requests that cannot be met.</summary>
public sealed class CheckFormatsTests : IDisposable
{
    private readonly MadeUpResults results = new MadeUpResults().Filled();

    public void Dispose() => results.Dispose();

    [Fact]
    public void ManyFindingsOfAKind_AreShownOnceAndCounted()
    {
        results.Change("samples.csv", lines => lines.AddRange(Enumerable.Range(5, 30).Select(index => lines[5].Replace(",4,1,507", $",{index},1,-7"))));
        var run = ToolRun.Of("check", results.Root);
        Assert.Equal(CheckResult.MostPerKindAndFile, ToolRun.Of("check", results.Root, "--format", "json").Output.Split("\"kind\": \"impossible-value\"").Length - 2);
        Assert.Contains("    and 10 more of this kind in this file.", run.Output);
    }

    [Fact]
    public void Text_FitsIn80Columns_WithAllThatIsNeeded()
    {
        results.Edit("runs.csv", 3, "test_accuracy_fraction", "0.5");
        File.WriteAllText(Path.Combine(results.Folder, "notes.txt"), "");
        var run = ToolRun.Of("check", results.Root);
        Assert.Equal(ExitCode.Found, run.ExitCode);
        Assert.Equal($"""
            {MadeUpResults.Id}/notes.txt
              note: stray-file
                it does not belong among results: no program of FreezeBench writes it here.
                What to do: Move it out of the results folder; a *.tmp file is the rest of a
                  program that was killed and can be deleted.

            {MadeUpResults.Id}/runs.csv
              error: run-end
                line 3, test_accuracy_fraction: it is 0.5; the run's epochs in accuracy.csv
                  give 0.6.
                What to do: Restore the file from version control, or delete the run's rows
                  and measure again.

            1 error and 1 note in 14 rows of 1 environment.

            """.ReplaceLineEndings("\n"), run.Output.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void GitHub_IsAWorkflowCommandForEachFinding_Escaped()
    {
        File.WriteAllText(Path.Combine(results.Folder, "50%,a:b"), "");
        results.Edit("runs.csv", 3, "final_weights_sha256", "100%");
        var lines = ToolRun.Of("check", results.Root, "--format", "github").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Matches($"^::notice file=[^,]*{MadeUpResults.Id}/50%25%2Ca%3Ab,title=freezebench check%3A stray-file::it does not belong", lines[0]);
        Assert.Matches($"^::error file=[^,]*{MadeUpResults.Id}/runs.csv,line=3,title=freezebench check%3A hash-format::final_weights_sha256: '100%25' is no SHA-256", lines[1]);
    }

    [Fact]
    public void OtherCulture_ChangesNothing()
    {
        results.Edit("runs.csv", 3, "train_time_s", "-9.5");
        var expected = ToolRun.Of("check", results.Root);
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            Assert.Equal(expected, ToolRun.Of("check", results.Root));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void Kinds_HaveNamesOfTheirOwnAndARemedy()
    {
        Assert.Equal(FindingKind.All.Count, FindingKind.All.Select(kind => kind.Name).Distinct().Count());
        Assert.Equal(FindingKind.All.Count, typeof(FindingKind).GetProperties().Count(property => property.PropertyType == typeof(FindingKind)));
        Assert.All(FindingKind.All, kind => Assert.EndsWith(".", kind.Remedy));
    }

    [Theory]
    [InlineData("no-such-folder", "does not exist")]
    [InlineData(".", "holds no results")]
    public void FolderWithoutResults_IsABadRequest(string folder, string message)
    {
        var run = ToolRun.Of("check", Path.Combine(Directory.CreateDirectory(results.Another("empty")).FullName, folder));
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains(message, run.Errors);
    }

    [Fact]
    public void UnknownFormat_IsABadRequest() => Assert.Equal(ExitCode.BadInput, ToolRun.Of("check", results.Root, "--format", "xml").ExitCode);
}
