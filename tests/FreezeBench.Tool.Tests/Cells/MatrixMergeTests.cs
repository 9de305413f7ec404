using System.Diagnostics;
using FreezeBench.Results.Rows;
using FreezeBench.Tool.Cells;
using FreezeBench.Tool.Commands;
using FreezeBench.Tool.Tests.Commands;
using Xunit;

namespace FreezeBench.Tool.Tests.Cells;

public sealed class MatrixMergeTests
{
    private static IEnumerable<string> Runs(MatrixFolder matrix) => new ResultStore(Path.Combine(matrix.Job.Results, MadeUpResults.Id)).Read<BenchmarkRow>().Select(row => row.RunId);

    private static MatrixFolder ThreeOfFour()
    {
        var matrix = new MatrixFolder();
        foreach (var (index, cell) in matrix.Cells.Take(3).Index())
            matrix.Attempted(cell, "20260101T000000Z-00000001", rows: index + 1);
        return matrix;
    }

    [Fact]
    public void OfEachCell_TheAttemptThatFinishedFirstCounts_AndMissingOnesAreNamed()
    {
        using var matrix = new MatrixFolder();
        // The second began later and ended first; the third is no attempt that ended; the fourth failed.
        matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001", rows: 1, endedAfter: 90);
        matrix.Attempted(matrix.Cells[0], "20260101T000001Z-00000001", rows: 2, endedAfter: 60);
        matrix.Attempted(matrix.Cells[1], "20260101T000001Z-00000001", rows: 3, AttemptOutcome.Running);
        matrix.Attempted(matrix.Cells[2], "20260101T000001Z-00000001", rows: 4, AttemptOutcome.Failed);
        var merge = matrix.Matrix("merge");
        Assert.Equal(ExitCode.Found, merge.ExitCode);
        Assert.Equal($"Merged 1 cell into {matrix.Job.Results}, with report.html.\n3 cells missing:\n  {matrix.Cells[1].Id}\n  {matrix.Cells[2].Id}  failed after 1:00 with exit code 1 on somewhere\n  {matrix.Cells[3].Id}\n", merge.Output);
        Assert.Equal([MatrixFolder.RunOf(2)], Runs(matrix));
        Assert.Equal(0, ToolRun.Of("check", matrix.Job.Results).ExitCode);
    }

    [Fact]
    public void AnotherMerge_ChangesNothing_UntilACellIsThere()
    {
        using var matrix = ThreeOfFour();
        matrix.Matrix("merge");
        var before = MadeUpResults.Contents(matrix.Job.Results);
        // What a node that was thought dead finishes later.
        matrix.Attempted(matrix.Cells[0], "20251231T000000Z-00000001", rows: 4, endedAfter: 100);
        Assert.StartsWith("Nothing new: ", matrix.Matrix("merge").Output, StringComparison.Ordinal);
        Assert.Equal(before, MadeUpResults.Contents(matrix.Job.Results));

        matrix.Attempted(matrix.Cells[3], "20260101T000000Z-00000001", rows: 4);
        var merge = matrix.Matrix("merge");
        Assert.Equal((0, $"Merged 4 cells into {matrix.Job.Results}, with report.html.\n"), (merge.ExitCode, merge.Output));
        Assert.Equal(Enumerable.Range(1, 4).Select(MatrixFolder.RunOf), Runs(matrix));
        Assert.Equal(["cells", "results"], Directory.GetDirectories(matrix.Job.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("benchmarks.csv", "x")]
    [InlineData("samples.csv", null)]
    [InlineData("", null)]
    [InlineData("../report.html", "")]
    [InlineData("../.cells.json", "{}")]
    public void MergedRowsThatSomebodyChanged_AreMergedAnew(string file, string? text)
    {
        using var matrix = ThreeOfFour();
        matrix.Matrix("merge");
        var before = MadeUpResults.Contents(matrix.Job.Results);
        var place = Path.Combine(matrix.Job.Results, MadeUpResults.Id, file);
        if (text is not null)
            File.WriteAllText(place, text);
        else if (Directory.Exists(place))
            Directory.Delete(place, recursive: true);
        else
            File.Delete(place);

        Assert.StartsWith("Merged 3 cells into ", matrix.Matrix("merge").Output, StringComparison.Ordinal);
        Assert.Equal(before, MadeUpResults.Contents(matrix.Job.Results));
        Assert.StartsWith("Nothing new: ", matrix.Matrix("merge").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void RemarkOnAMergedRun_OutlivesTheNextMerge()
    {
        using var matrix = ThreeOfFour();
        matrix.Matrix("merge");
        Assert.Equal(0, ToolRun.Of("remark", MatrixFolder.RunOf(1), "--results", matrix.Job.Results, "--times-disturbed", "a backup ran").ExitCode);
        // The report tells it.
        Assert.StartsWith("Merged 3 cells into ", matrix.Matrix("merge").Output, StringComparison.Ordinal);
        Assert.StartsWith("Nothing new: ", matrix.Matrix("merge").Output, StringComparison.Ordinal);

        matrix.Attempted(matrix.Cells[3], "20260101T000000Z-00000001", rows: 4);
        Assert.StartsWith("Merged 4 cells into ", matrix.Matrix("merge").Output, StringComparison.Ordinal);
        Assert.Contains("a backup ran", File.ReadAllText(Path.Combine(matrix.Job.Results, MadeUpResults.Id, "remarks.csv")), StringComparison.Ordinal);
        Assert.StartsWith("Nothing new: ", matrix.Matrix("merge").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no results", "it wrote no rows: ")]
    [InlineData("a bad row", "its rows are wrong: ")]
    [InlineData("another value", "One of the two was edited after measuring")]
    public void AttemptThatCannotBeUsed_IsLeftOutAndNamed_AndTheRestIsMerged(string damage, string reason)
    {
        using var matrix = ThreeOfFour();
        var last = matrix.Attempted(matrix.Cells[3], "20260101T000000Z-00000001", rows: damage == "another value" ? 1 : 4);
        var rows = Path.Combine(last, Attempt.ResultsName, MadeUpResults.Id, "benchmarks.csv");
        if (damage == "no results")
            Directory.Delete(Path.Combine(last, Attempt.ResultsName), recursive: true);
        else if (damage == "a bad row")
            File.AppendAllText(rows, "x\n");
        else
            File.WriteAllText(rows, File.ReadAllText(rows).Replace(",3000000000,", ",3000000001,", StringComparison.Ordinal));

        var merge = matrix.Matrix("merge");
        Assert.Equal((ExitCode.Found, ""), (merge.ExitCode, merge.Errors));
        Assert.StartsWith($"Merged 3 cells into {matrix.Job.Results}, with report.html.\n{matrix.Cells[3].Id}, attempt 20260101T000000Z-00000001 does not count: ", merge.Output, StringComparison.Ordinal);
        Assert.Contains(reason, merge.Output, StringComparison.Ordinal);
        Assert.EndsWith($"1 cell missing:\n  {matrix.Cells[3].Id}\n", merge.Output, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, 3).Select(MatrixFolder.RunOf), Runs(matrix));
        Assert.True(File.Exists(Path.Combine(matrix.Job.Results, "report.html")));
    }

    [Fact]
    public void OfACellWhoseFirstAttemptIsBad_AnotherOneCounts()
    {
        using var matrix = ThreeOfFour();
        matrix.Attempted(matrix.Cells[3], "20260101T000000Z-00000001", rows: null);
        matrix.Attempted(matrix.Cells[3], "20260101T000001Z-00000001", rows: 4, endedAfter: 90);
        var merge = matrix.Matrix("merge");
        Assert.Equal(ExitCode.Found, merge.ExitCode);
        Assert.StartsWith($"Merged 4 cells into {matrix.Job.Results}, with report.html.\n{matrix.Cells[3].Id}, attempt 20260101T000000Z-00000001 does not count: it wrote no rows", merge.Output, StringComparison.Ordinal);
        Assert.Equal(Enumerable.Range(1, 4).Select(MatrixFolder.RunOf), Runs(matrix));
    }

    [Fact]
    public void WhereNoAttemptCanBeUsed_EachIsNamed_AndTheResultsStay()
    {
        using var matrix = new MatrixFolder();
        matrix.Attempted(matrix.Cells[0], "20260101T000000Z-00000001", rows: null);
        var merge = matrix.Matrix("merge");
        Assert.Equal(ExitCode.BadInput, merge.ExitCode);
        Assert.Contains($"{matrix.Cells[0].Id}, attempt 20260101T000000Z-00000001 does not count: it wrote no rows", merge.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void RemarksThatCannotBeRead_AreNotThrownAway()
    {
        using var matrix = ThreeOfFour();
        matrix.Matrix("merge");
        var remarks = Path.Combine(matrix.Job.Results, MadeUpResults.Id, "remarks.csv");
        File.WriteAllText(remarks, "what a person wrote");
        var merge = matrix.Matrix("merge");
        Assert.Equal((ExitCode.BadInput, ""), (merge.ExitCode, merge.Output));
        Assert.Contains($"restore {remarks}, or move it away, and merge again. Everything else in {matrix.Job.Results} is made from the cells.", merge.Errors, StringComparison.Ordinal);
        Assert.Equal("what a person wrote", File.ReadAllText(remarks));
        Assert.Equal(["cells", "results"], Directory.GetDirectories(matrix.Job.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        // As it says.
        File.Move(remarks, matrix.At("remarks.csv"));
        File.Delete(Path.Combine(matrix.Job.Results, MadeUpResults.Id, "samples.csv"));
        Assert.StartsWith("Merged 3 cells into ", matrix.Matrix("merge").Output, StringComparison.Ordinal);
        Assert.Equal(0, ToolRun.Of("check", matrix.Job.Results).ExitCode);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void RemarkOnARunThatIsMissingForAMerge_ComesBackWithIt(int missing)
    {
        using var matrix = ThreeOfFour();
        matrix.Matrix("merge");
        Assert.Equal(0, ToolRun.Of("remark", MatrixFolder.RunOf(1), "--results", matrix.Job.Results, "--times-disturbed", "a backup ran").ExitCode);
        // As a file system that shows what another node made seconds later; with all three the environment is missing, too, since a fourth is of another one.
        if (missing == 3)
        {
            var other = MadeUpResults.Environment with { Torch = MadeUpResults.Environment.Torch with { Threads = 1 } };
            var rows = Path.Combine(matrix.Attempted(matrix.Cells[3], "20260101T000000Z-00000001", rows: null), Attempt.ResultsName, other.Id);
            new ResultStore(rows).WriteEnvironment(other);
            AccuracyRow[] epochs = [.. Enumerable.Range(1, 3).Select(epoch => MadeUpResults.Epoch(MatrixFolder.RunOf(4), 1, epoch) with { EnvironmentId = other.Id, Threads = 1 })];
            new ResultStore(rows).Append(epochs);
            new ResultStore(rows).Append(MadeUpResults.End(epochs) with { EnvironmentId = other.Id });
        }
        foreach (var cell in matrix.Cells.Take(missing))
            Directory.Move(matrix.Job.Of(cell), matrix.Job.Of(cell) + "-away");
        var without = matrix.Matrix("merge");
        Assert.True(without.Errors.Length == 0, without.Errors);
        Assert.StartsWith(missing == 3 ? "Merged 1 cell " : "Merged 2 cells ", without.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(matrix.Job.Results, MadeUpResults.Id, "remarks.csv")));
        Assert.Equal(0, ToolRun.Of("check", matrix.Job.Results).ExitCode);

        foreach (var cell in matrix.Cells.Take(missing))
            Directory.Move(matrix.Job.Of(cell) + "-away", matrix.Job.Of(cell));
        matrix.Matrix("merge");
        Assert.Contains("a backup ran", File.ReadAllText(Path.Combine(matrix.Job.Results, MadeUpResults.Id, "remarks.csv")), StringComparison.Ordinal);
        Assert.StartsWith("Nothing new: ", matrix.Matrix("merge").Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MergesAtOnce_LeaveOneWholeFolder()
    {
        using var matrix = ThreeOfFour();
        var merges = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => MatrixMerge.Run(matrix.Cells, matrix.Job).Merged.Count)));
        Assert.Equal([3, 3, 3, 3], merges);
        Assert.Equal(["cells", "results"], Directory.GetDirectories(matrix.Job.Root).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.StartsWith("Nothing new: ", matrix.Matrix("merge").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void MergeAfterOneThatWasKilled_MakesTheSame_AndTidies()
    {
        using var matrix = ThreeOfFour();
        matrix.Matrix("merge");
        var before = MadeUpResults.Contents(matrix.Job.Results);
        Directory.Delete(matrix.Job.Results, recursive: true);
        // A process that has ended, and one that has not.
        using var ended = Process.Start("true");
        ended.WaitForExit();
        var (dead, alive) = (FolderOf(ended.Id), FolderOf(Environment.ProcessId));
        Directory.CreateDirectory(dead);
        Directory.CreateDirectory(alive);

        matrix.Matrix("merge");
        Assert.Equal(before, MadeUpResults.Contents(matrix.Job.Results));
        Assert.Equal((false, true), (Directory.Exists(dead), Directory.Exists(alive)));

        string FolderOf(int process) => Path.Combine(matrix.Job.Root, $".results-{JobFolder.Host}-{process}-abcdefgh.abc");
    }

    [Fact]
    public void NoCellDone_IsRefused()
    {
        using var matrix = new MatrixFolder();
        var merge = matrix.Matrix("merge");
        Assert.Equal(ExitCode.BadInput, merge.ExitCode);
        Assert.Contains("None of the 4 cells in", merge.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(matrix.Job.Root));
    }

    // The whole way in a process whose locks all fail, as on NFS without them.
    [Fact]
    public void FolderWithoutLocks_IsMergedAllTheSame()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Locks are made to fail by LD_PRELOAD.");
        using var matrix = ThreeOfFour();
        var library = matrix.At("no_locks.so");
        Assert.SkipUnless(Ended("cc", "-shared", "-fPIC", "-o", library, Path.Combine(Repository.Root, "tests/slurm/no_locks.c")) == 0, "No C compiler (cc) on the PATH.");
        Assert.Equal(1, Ended("dotnet", Path.Combine(AppContext.BaseDirectory, "FreezeBench.Tool.dll"), "matrix", "merge", matrix.Path));
        Assert.Equal(Enumerable.Range(1, 3).Select(MatrixFolder.RunOf), Runs(matrix));

        int Ended(string program, params string[] arguments)
        {
            var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
            if (program == "dotnet")
                start.Environment["LD_PRELOAD"] = library;
            try
            {
                using var process = Process.Start(start)!;
                process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                return process.ExitCode;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return -1;
            }
        }
    }
}
