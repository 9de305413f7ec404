using System.Globalization;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Reports;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Output;
using FreezeBench.Benchmarks.Processes;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Processes;

/// <summary>Each case runs in a process that is the program itself: here, the program of these tests.</summary>
public class OwnProcessTests(ToldCase told) : IClassFixture<ToldCase>
{
    [Fact]
    public void Case_RunsInAProcessOfItsOwn_OnItsMainThread_WithTheArgumentsOfTheProgram()
    {
        var run = told.Run;

        Assert.True(run.Report.Success, run.Log);
        var lines = File.ReadAllLines(Path.Combine(run.Folder, "told"));
        Assert.Equal(1 + 2, lines.Length);
        var parts = Assert.Single(lines.Distinct()).Split(' ', 4);
        var process = int.Parse(parts[0], CultureInfo.InvariantCulture);
        Assert.NotEqual(Environment.ProcessId, process);
        Assert.Equal(process, Assert.Single(run.Report.ExecuteResults).ProcessId);
        Assert.Equal(["1", "0", string.Join(' ', Environment.GetCommandLineArgs().Skip(1))], parts[1..]);
    }

    [Fact]
    public void EveryLineOfTheEngine_ArrivesAsAMeasurement() => Assert.Equal(
        ["WorkloadWarmup", "WorkloadActual", "WorkloadActual", "WorkloadResult", "WorkloadResult"],
        told.Run.Report.AllMeasurements.Select(measurement => $"{measurement.IterationMode}{measurement.IterationStage}"));

    [Fact]
    public void WhatTheProcessPrints_IsInTheLog_ToItsLastCharacter()
    {
        using var run = new ProbeRun(ProbeSuite.Prints);

        Assert.True(run.Report.Success, run.Log);
        var lines = run.Log.Split('\n', StringSplitOptions.TrimEntries);
        Assert.Equal(3 * ProbeSuite.LinesPrinted, lines.Count(line => line.StartsWith("error ", StringComparison.Ordinal)));
        // Lines that follow one without an end begin with it.
        Assert.Equal(3 * ProbeSuite.LinesPrinted, lines.Count(line => line.Contains("output ", StringComparison.Ordinal)));
        Assert.Equal(3, lines.Count(line => line.StartsWith("without an end", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(ProbeSuite.Throws, "thrown by the benchmark")]
    [InlineData(ProbeSuite.ThrowsInSetUp, "thrown by the set-up")]
    public void Exception_FailsTheCase_AndIsFoundByTheProcess(string what, string message)
    {
        using var run = new ProbeRun(what);

        Assert.False(run.Report.Success);
        Assert.NotEqual(0, Assert.Single(run.Report.ExecuteResults).ExitCode);
        var failure = CaseFailure.Find(run.Folder, run.Report);
        Assert.Equal($"InvalidOperationException: {message}", FailureText.Of(run.Report, failure));
        Assert.Null(FailureText.OfMemory(run.Report, failure));
        Assert.Contains(message, run.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void KilledProcess_IsToldAsAFullMemory_OnlyWhereMemoryWasShort()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no signals.");
        using var run = new ProbeRun(ProbeSuite.IsKilled);

        Assert.False(run.Report.Success);
        Assert.Equal(137, Assert.Single(run.Report.ExecuteResults).ExitCode);
        // It killed itself, on a machine with memory to spare.
        Assert.Null(FailureText.OfMemory(run.Report, failure: null));
        Assert.StartsWith("Its process was killed by somebody", FailureText.Of(run.Report, failure: null), StringComparison.Ordinal);
        var process = run.Report.ExecuteResults.Single().ProcessId!.Value;
        KilledCases.Remember(process, memoryWasShort: false);
        Assert.Contains("not for want of memory", FailureText.Of(run.Report, failure: null), StringComparison.Ordinal);
        KilledCases.Remember(process, memoryWasShort: null);
        Assert.Null(FailureText.OfMemory(run.Report, failure: null));
        Assert.Contains("which this system does not tell", FailureText.Of(run.Report, failure: null), StringComparison.Ordinal);
        KilledCases.Remember(process, memoryWasShort: true);
        Assert.Contains("the process was killed", FailureText.OfMemory(run.Report, failure: null), StringComparison.Ordinal);
    }

    [Fact]
    public void Crash_FailsTheCase_AndItsLastWordsAreInTheLog()
    {
        using var run = new ProbeRun(ProbeSuite.Crashes);

        Assert.False(run.Report.Success);
        Assert.Contains("crashed on purpose", run.Log, StringComparison.Ordinal);
        Assert.Matches("^Its process (ended with code -?[0-9]+[.]|was ended by signal 6[.] It said last: .*crashed on purpose)$", FailureText.Of(run.Report, CaseFailure.Find(run.Folder, run.Report)));
        Assert.Null(FailureText.OfMemory(run.Report, failure: null));
        if (OperatingSystem.IsWindows())
            return;
        // .NET's own words where it can take no page any more.
        KilledCases.RememberWords(run.Report.ExecuteResults.Single().ProcessId!.Value, "Out of memory.");
        Assert.Equal("Out of memory.", FailureText.OfMemory(run.Report, failure: null));
    }

    [Fact]
    public void JobThatTheProcessDoesNotMake_FailsTheCase_RatherThanMeasureAnother()
    {
        using var run = new ProbeRun(ProbeSuite.Tells, job => job.WithIterationCount(5));

        Assert.False(run.Report.Success);
        Assert.Contains("This process makes 0 cases Run(tells) with job probe(", run.Log, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(run.Folder, "told")));
    }

    [Theory]
    [InlineData(1, 0.0, null)]
    [InlineData(1, 0.25, null)]
    [InlineData(1, null, null)]
    [InlineData(2, 0.5, 0.1)]
    [InlineData(2, 0.5, 0.75)]
    public void CaseBesideBusyPrograms_IsMeasuredOnceMore_AndTheSecondTimeCounts(int attempts, double? first, double? second)
    {
        using var own = first == 0 ? null : ProbeRun.Beside(ProbeSuite.Tells, first, second);
        var run = own ?? told.Run;

        Assert.True(run.Report.Success, run.Log);
        var processes = File.ReadAllLines(Path.Combine(run.Folder, "told")).Select(line => line.Split(' ')[0]).Distinct().ToList();
        Assert.Equal(attempts, processes.Count);
        Assert.Equal(processes[^1], Assert.Single(run.Report.ExecuteResults).ProcessId!.Value.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(2, run.Report.AllMeasurements.Count(measurement => measurement.Is(IterationMode.Workload, IterationStage.Actual)));
        var load = CaseLoads.Of(run.Report.BenchmarkCase);
        Assert.Equal(attempts == 1 ? (first, null, false) : (second, first, second > 0.25), (load.OthersBusyCores, load.FirstAttempt, load.Disturbed));
    }

    [Fact]
    public void CaseBesideBusyPrograms_StandsAsItIs_WhereOnceIsAskedFor()
    {
        using var run = ProbeRun.Beside(ProbeSuite.Tells, once: true, 1.0);

        Assert.True(run.Report.Success, run.Log);
        var parts = Assert.Single(File.ReadAllLines(Path.Combine(run.Folder, "told")).Distinct()).Split(' ', 4);
        // Nobody keeps its times: .NET's tiers stay as they are.
        Assert.Equal(Environment.GetEnvironmentVariable("DOTNET_TieredCompilation"), parts[2]);
        Assert.NotEqual("0", parts[2]);
        var load = CaseLoads.Of(run.Report.BenchmarkCase);
        Assert.Equal((1.0, null, true), (load.OthersBusyCores, load.FirstAttempt, load.Disturbed));
    }

    [Fact]
    public void ExitWithoutMeasurements_FailsTheCase_WithItsCode_AndBesideBusyProgramsItIsNotRunAgain()
    {
        using var run = ProbeRun.Beside(ProbeSuite.Exits, 1.0);

        Assert.False(run.Report.Success);
        Assert.Equal("Its process ended with code 7.", FailureText.Of(run.Report, CaseFailure.Find(run.Folder, run.Report)));
        Assert.Equal(1.0, CaseLoads.Of(run.Report.BenchmarkCase).OthersBusyCores);
    }
}
