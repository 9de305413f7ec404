using FreezeBench.Faults;
using FreezeBench.Results;
using FreezeBench.Results.Checks;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Tool.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Commands;

/// <summary>The files of a results folder that are no rows, and what is no file in the place of one.</summary>
public sealed class FolderFilesTests : IDisposable
{
    private const string Commit = ".results.commit", Lock = ".results.lock";

    private readonly MadeUpResults results = new MadeUpResults().Filled();

    public void Dispose() => results.Dispose();

    public static TheoryData<string, string> NoFiles()
    {
        var data = new TheoryData<string, string>();
        foreach (var kind in SpecialFile.Kinds)
            data.Add(Commit, kind);
        data.Add(Lock, SpecialFile.Pipe);
        data.Add(Lock, SpecialFile.Folder);
        data.Add(Lock, SpecialFile.Zero);
        return data;
    }

    [Theory]
    [MemberData(nameof(NoFiles))]
    public void WhatIsNoFile_IsAFindingOfItsFolder_AndRefusedByAllOthers(string name, string kind)
    {
        Assert.SkipUnless(SpecialFile.AreThere, "Special files are Unix's.");
        SpecialFile.Put(kind, Path.Combine(results.Folder, name));
        IsRefused(name);
    }

    [Fact]
    public void DamagedList_IsAFindingOfItsFolder_AndTheOthersAreChecked()
    {
        File.WriteAllText(Path.Combine(results.Folder, Commit), "samples.csv\t../x.tmp\n");
        Directory.CreateDirectory(Path.Combine(results.Root, "other"));
        File.WriteAllText(Path.Combine(results.Root, "other", "environment.json"), "{");
        Assert.Contains("other/environment.json", IsRefused(Commit));
    }

    [Theory]
    [InlineData("benchmarks.csv")]
    [InlineData(EnvironmentFile.FileName)]
    public void List_TakesWhatAWriterThatDiedHadWritten(string file)
    {
        var before = ToolRun.Of("list", results.Root);
        File.Move(Path.Combine(results.Folder, file), Path.Combine(results.Folder, file + ".abc.tmp"));
        File.WriteAllText(Path.Combine(results.Folder, Commit), $"{file}\t{file}.abc.tmp\n");
        Assert.Equal(before, ToolRun.Of("list", results.Root));
    }

    [Fact]
    public void List_RefusesAFolderInThePlaceOfRows()
    {
        SpecialFile.Put(SpecialFile.Folder, Path.Combine(results.Folder, BenchmarkRow.FileName));
        var run = ToolRun.Of("list", results.Root);
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains("it is a folder", run.Errors);
    }

    [Theory]
    [InlineData(SpecialFile.Pipe)]
    [InlineData(SpecialFile.Zero)]
    public void ReportToCheck_IsAFile(string kind)
    {
        Assert.SkipUnless(SpecialFile.AreThere, "Special files are Unix's.");
        var page = results.Another("p.html");
        SpecialFile.Put(kind, page);
        var run = ToolRun.Ended("report", results.Root, "--out", page, "--check")!;
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains($"p.html cannot be read: it is {(kind == SpecialFile.Zero ? "a device" : "a pipe")}", run.Errors);
    }

    [Theory]
    [InlineData(SpecialFile.Pipe, "report")]
    [InlineData(SpecialFile.Zero, "report")]
    [InlineData(SpecialFile.Pipe, "compare")]
    [InlineData(SpecialFile.Zero, "compare")]
    [InlineData(SpecialFile.Zero, "advise")]
    public void WhatIsNoFile_IsWrittenByNobody_AndStays(string kind, string command)
    {
        Assert.SkipUnless(SpecialFile.AreThere, "Special files are Unix's.");
        var page = results.Another("p.md");
        SpecialFile.Put(kind, page);
        string[] words = command == "compare" ? [command, results.Root, results.Root] : [command, results.Root];
        var run = ToolRun.Ended([.. words, "--out", page])!;
        Assert.Equal(ExitCode.BadInput, run.ExitCode);
        Assert.Contains($"it is {(kind == SpecialFile.Zero ? "a device" : "a pipe")}; only regular files are replaced.", run.Errors);
        Assert.Equal(kind == SpecialFile.Zero ? "a device" : "a pipe", RegularFile.OtherKind(page));
    }

    [Fact]
    public void TargetThatIsNoFolder_IsSaid_AndNothingIsChecked()
    {
        var file = results.Another("file");
        File.WriteAllText(file, "");
        foreach (var (target, told) in new[] { (file, $"--into is '{file}', and that is a file; give a folder"), (Path.Combine(file, "below"), $"and '{file}' is a file; give a folder") })
            foreach (var more in (string[][])[[], ["--dry-run"]])
            {
                var run = ToolRun.Of(["merge", "no-such-folder", "--into", target, .. more]);
                Assert.Equal(ExitCode.BadInput, run.ExitCode);
                Assert.Contains(told, run.Errors);
            }
    }

    [Theory]
    [InlineData("list")]
    [InlineData("check")]
    [InlineData("merge")]
    public void FolderThatIsNone_IsCalledWhatItIs(string command)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need a privilege on Windows.");
        var (circle, file) = (results.Another("circle"), results.Another("file"));
        File.CreateSymbolicLink(circle, circle);
        File.WriteAllText(file, "");
        foreach (var (path, told) in new[] { (circle, "circle is a symbolic link that leads nowhere."), (file, "file is a file."), (results.Another("none"), "none does not exist.") })
            Assert.Contains(told, ToolRun.Of(command == "merge" ? [command, path, "--into", results.Another("target")] : [command, path]).Errors);
    }

    // The rows above the damage are sound, and so are their cases: "delete the samples" would be bad advice.
    [Theory]
    [InlineData("benchmarks.csv")]
    [InlineData("samples.csv")]
    [InlineData("accuracy.csv")]
    [InlineData("runs.csv")]
    public void DamagedLine_IsTheOnlyFinding(string file)
    {
        foreach (var fromEnd in new[] { false, true })
        {
            using var damaged = new MadeUpResults().Filled();
            damaged.Change(file, lines => lines[fromEnd ? ^1 : 1] += "\0");
            var errors = ResultCheck.Run(damaged.Root).Findings.Where(finding => finding.Kind.Severity == Severity.Error);
            Assert.Equal([FindingKind.Unreadable], errors.Select(finding => finding.Kind));
        }
    }

    [Theory]
    [InlineData("benchmarks.csv", "kernels")]
    [InlineData("benchmarks.csv", "node")]
    [InlineData("benchmarks.csv", "asked_batch_size")]
    [InlineData("benchmarks.csv", "others_busy_cores")]
    [InlineData("samples.csv", "kernels")]
    [InlineData("accuracy.csv", "head")]
    [InlineData("runs.csv", "kernels")]
    public void ColumnThatWasDeleted_IsNoOlderFile(string file, string column)
    {
        results.Change(file, lines =>
        {
            var place = Array.IndexOf(lines[0].Split(','), column);
            for (var line = 0; line < lines.Count; line++)
                lines[line] = string.Join(',', lines[line].Split(',').Where((_, index) => index != place));
        });
        var check = ToolRun.Of("check", results.Root);
        Assert.Equal(ExitCode.Found, check.ExitCode);
        var said = $"{column}: the file has no such column, which rows of schema version {IResultRow.CurrentSchemaVersion} have.";
        Assert.Contains("unreadable", check.Output);
        foreach (var command in ReadersBut("check"))
        {
            var run = ToolRun.Of(command);
            Assert.Equal(ExitCode.BadInput, run.ExitCode);
            // A merge checks its sources first, and names the command that tells all.
            Assert.Contains(command[0] == "merge" ? "freezebench check" : $"{file}, line 2, column {said}", run.Errors);
        }
    }

    private string IsRefused(string name)
    {
        var check = ToolRun.Ended("check", results.Root)!;
        Assert.Equal(ExitCode.Found, check.ExitCode);
        Assert.Contains("folder-record", check.Output);
        foreach (var command in ReadersBut("check").Append(["remark", MadeUpResults.RunId, "--results", results.Root, "--times-disturbed", "x"]))
        {
            var run = ToolRun.Ended(command)!;
            Assert.Equal(ExitCode.BadInput, run.ExitCode);
            Assert.Contains(name, run.Errors);
        }
        return check.Output;
    }

    private IEnumerable<string[]> ReadersBut(string command) => new string[][]
    {
        ["check", results.Root], ["list", results.Root], ["report", results.Root, "--out", "-", "--format", "md"], ["compare", results.Root, results.Root], ["rank", results.Root],
        ["merge", results.Root, "--into", results.Another("merged")],
    }.Where(one => one[0] != command);
}
