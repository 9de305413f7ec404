using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Verifying;
using FreezeBench.Faults;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Processes;

/// <summary>The program, and the process of its case, ended from outside.</summary>
public class SignalTests
{
    private static RunningProgram Start(string folder)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Finds the process of the case in /proc.");
        Assert.SkipUnless(RunningProgram.Folder.Contains("Release", StringComparison.Ordinal), "A Debug build refuses to measure; run: dotnet test -c Release.");
        return RunningProgram.Start([], [.. RunningProgram.OneSmallCase, "--iterationCount", "100000", "--out", folder]);
    }

    [Theory]
    [InlineData("KILL", 1, "Its process was killed by somebody, and not for want of memory: nothing on this machine was. Run it again.")]
    [InlineData("ABRT", 1, "Its process was ended by signal 6")]
    public void CaseThatIsEnded_IsReported(string signal, int exitCode, string said)
    {
        var folder = Directory.CreateTempSubdirectory("freezebench-").FullName;
        try
        {
            using var program = Start(folder);
            using var running = program.CaseOnLinux();
            RunningProgram.Signal(running, signal);
            var ended = program.End();

            Assert.True(ended.ExitCode == exitCode, ended.Output);
            Assert.Contains(said, string.Join(' ', ended.Output.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
            Assert.Empty(Directory.GetDirectories(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Five cases, of which the program is ended in the second: a card that is lent by the minute is taken away like that.
    [Fact]
    public void ProgramThatIsKilled_LeavesTheRowsOfTheCasesThatHaveEnded()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no kill.");
        Assert.SkipUnless(RunningProgram.Folder.Contains("Release", StringComparison.Ordinal), "A Debug build refuses to measure; run: dotnet test -c Release.");
        var folder = Directory.CreateTempSubdirectory("freezebench-").FullName;
        try
        {
            using var program = RunningProgram.Start([], [
                "--quick", "--device", "cpu", "--suites", "step", "--policies", "frozen-cached,frozen", "--kernels", "fast",
                "--resolution", "16", "--batch-size", "4", "--images-per-epoch", "8", "--threads", "1", "--out", folder]);
            IReadOnlyList<BenchmarkRow> rows = [];
            program.WaitUntil(() => (rows = [.. Directory.GetFiles(folder, BenchmarkRow.FileName, SearchOption.AllDirectories).SelectMany(ResultStore.Read<BenchmarkRow>)]) is not []);
            program.Signal("KILL");

            Assert.NotEqual(0, program.End().ExitCode);
            Assert.Equal(CasePhases.Step, Assert.Single(rows).Phase);
            var kept = Assert.Single(ResultSet.Load(folder).Environments);
            Assert.Equal(rows, kept.Cases.Select(measured => measured.Row).Take(1));
            Assert.InRange(kept.Cases.Count, 1, 2);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    [InlineData("HUP")]
    [InlineData("QUIT")]
    public void ProgramThatIsEnded_EndsItsCase(string signal)
    {
        Assert.SkipWhen(SignalMask.Ignores(signal), SignalMask.Ignored(signal));
        var folder = Directory.CreateTempSubdirectory("freezebench-").FullName;
        try
        {
            using var program = Start(folder);
            using var running = program.CaseOnLinux();
            program.Signal(signal);

            Assert.NotEqual(0, program.End().ExitCode);
            Assert.True(running.WaitForExit(TimeSpan.FromSeconds(30)), "The case goes on without the program.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // They take ten seconds and more.
    [Fact]
    public void ProgramThatIsEnded_EndsItsChecks()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Finds the process of the checks in /proc.");
        Assert.SkipUnless(RunningProgram.Folder.Contains("Release", StringComparison.Ordinal), "A Debug build refuses to measure; run: dotnet test -c Release.");
        var folder = Directory.CreateTempSubdirectory("freezebench-").FullName;
        try
        {
            using var program = RunningProgram.Start([], ["--gpu-check", "--device", "cpu", "--out", folder]);
            using var running = program.ChildOnLinux(CheckOrder.Variable);
            program.Signal("TERM");

            Assert.NotEqual(0, program.End().ExitCode);
            Assert.True(running.WaitForExit(TimeSpan.FromSeconds(3)), "The checks go on without the program.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
