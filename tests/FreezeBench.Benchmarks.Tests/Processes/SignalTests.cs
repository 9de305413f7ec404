using System.Diagnostics;
using System.Globalization;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Processes;
using FreezeBench.Benchmarks.Verifying;
using FreezeBench.Faults;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Sets;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Processes;

/// <summary>The program, and the process of its case, ended from outside.</summary>
public class SignalTests
{
    private static RunningProgram Start(string folder, string policies = "frozen-cached")
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Finds the process of the case in /proc.");
        Assert.SkipUnless(RunningProgram.Folder.Contains("Release", StringComparison.Ordinal), "A Debug build refuses to measure; run: dotnet test -c Release.");
        return RunningProgram.Start([], [.. RunningProgram.OneSmallCase.Select(word => word == "frozen-cached" ? policies : word), "--iterationCount", "100000", "--out", folder]);
    }

    [Fact]
    public void CasesThatAreEnded_AreReported_EachWithItsSignal()
    {
        var folder = Directory.CreateTempSubdirectory("freezebench-").FullName;
        try
        {
            using var program = Start(folder, "frozen-cached,norm-only");
            using (var first = program.CaseOnLinux())
            {
                RunningProgram.Signal(first, "KILL");
                Assert.True(first.WaitForExit(TimeSpan.FromSeconds(30)), "The case goes on.");
            }
            // Of which .NET knows nothing, so that it ends a process whenever it comes.
            using (var second = program.CaseOnLinux())
                RunningProgram.Signal(second, "USR1");
            var ended = program.End();

            Assert.True(ended.ExitCode == 1, ended.Output);
            var words = string.Join(' ', ended.Output.Split(['\n', ' '], StringSplitOptions.RemoveEmptyEntries));
            Assert.Contains("Its process was killed by somebody, and not for want of memory: nothing on this machine was. Run it again.", words, StringComparison.Ordinal);
            Assert.Contains("Its process was ended by signal 10", words, StringComparison.Ordinal);
            Assert.Empty(Directory.GetDirectories(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Four cases, of which the program is ended in the second: a card that is lent by the minute is taken away like that.
    [Fact]
    public void ProgramThatIsEnded_EndsItsCase_AndLeavesTheRowsOfTheCasesThatHaveEnded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Finds the process of the case in /proc.");
        Assert.SkipUnless(RunningProgram.Folder.Contains("Release", StringComparison.Ordinal), "A Debug build refuses to measure; run: dotnet test -c Release.");
        Assert.SkipWhen(SignalMask.Ignores("TERM"), SignalMask.Ignored("TERM"));
        var folder = Directory.CreateTempSubdirectory("freezebench-").FullName;
        try
        {
            using var program = RunningProgram.Start([], [
                "--quick", "--device", "cpu", "--suites", "step", "--policies", "frozen-cached,frozen", "--kernels", "fast", "--network", RunningProgram.Network,
                "--resolution", "16", "--batch-size", "4", "--images-per-epoch", "8", "--threads", "1", "--out", folder]);
            IReadOnlyList<BenchmarkRow> rows = [];
            program.WaitUntil(() => (rows = [.. Directory.GetFiles(folder, BenchmarkRow.FileName, SearchOption.AllDirectories).SelectMany(ResultStore.Read<BenchmarkRow>)]) is not []);
            using var running = program.CaseOnLinux();
            program.Signal("TERM");

            Assert.NotEqual(0, program.End().ExitCode);
            Assert.True(running.WaitForExit(TimeSpan.FromSeconds(30)), "The case goes on without the program.");
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

    // The exit code is a shell's for a program that a signal has ended: it does to this one what it always does.
    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    [InlineData("HUP", 129)]
    [InlineData("QUIT", 131)]
    public async Task EverySignalThatEndsAProgram_EndsWhatItHasStarted(string signal, int exitCode)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There is no kill.");
        Assert.SkipWhen(SignalMask.Ignores(signal), SignalMask.Ignored(signal));
        var start = OwnProgram.With();
        start.RedirectStandardOutput = true;
        start.Environment[LifeProbe.Variable] = "1";
        using var program = Process.Start(start)!;
        using var child = Process.GetProcessById(int.Parse((await program.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, CultureInfo.InvariantCulture));
        try
        {
            RunningProgram.Signal(program, signal);

            Assert.True(program.WaitForExit(TimeSpan.FromSeconds(30)), "It goes on.");
            Assert.Equal(exitCode, program.ExitCode);
            Assert.True(child.WaitForExit(TimeSpan.FromSeconds(30)), "What it has started goes on without it.");
        }
        finally
        {
            program.Kill();
            child.Kill();
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
            Assert.True(running.WaitForExit(TimeSpan.FromSeconds(8)), "The checks go on without the program.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
