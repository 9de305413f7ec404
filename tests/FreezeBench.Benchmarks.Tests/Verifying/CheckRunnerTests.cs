using System.Diagnostics;
using FreezeBench.Benchmarks.Tests.Processes;
using FreezeBench.Benchmarks.Verifying;
using FreezeBench.DeviceChecks;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Verification;
using FreezeBench.Torch.Hardware;
using Spectre.Console;
using TorchSharp;
using Xunit;

namespace FreezeBench.Benchmarks.Tests.Verifying;

public sealed class CheckRunnerTests
{
    private static readonly DeviceCheck passes = new("passes", "", _ => CheckFinding.Of(new VerifiedFigure("one", 1) { AtMost = 1 }));
    private static readonly DeviceCheck fails = new("fails", "", _ => CheckFinding.Of(new VerifiedFigure("two", 2) { AtMost = 1 }));
    private static readonly DeviceCheck throws = new("throws", "", _ => throw new InvalidOperationException("the card says no\nat C++"));
    private static readonly DeviceCheck kills = new("kills", "", _ => throw new NotSupportedException("never made here"));
    private static readonly DeviceCheck alone = new("alone", "", _ => CheckFinding.NotApplicable("needs CUDA")) { NeedsDeterminism = true };

    [Fact]
    public void EveryCheck_IsMadeInItsOrder_AndOneThatThrowsFailsAlone()
    {
        List<IReadOnlyList<string>> processes = [];
        var made = Run([passes, throws, fails, alone, passes with { Name = "last" }], processes);

        Assert.Equal(["passes", "throws", "fails", "alone", "last"], made.Select(check => check.Name));
        Assert.Equal([CheckOutcome.Pass, CheckOutcome.Fail, CheckOutcome.Fail, CheckOutcome.NotApplicable, CheckOutcome.Pass], made.Select(check => check.Outcome));
        Assert.Equal("InvalidOperationException: the card says no", made[1].Reason);
        Assert.Equal("two is 2; at most 1 passes", made[2].Reason);
        Assert.Equal([["passes", "throws", "fails"], ["alone"], ["last"]], processes);
    }

    [Fact]
    public void CheckThatEndsItsProcess_Fails_AndTheNextIsMadeInAnother()
    {
        List<IReadOnlyList<string>> processes = [];
        var made = Run([passes, kills, passes with { Name = "last" }], processes);

        Assert.Equal([CheckOutcome.Pass, CheckOutcome.Fail, CheckOutcome.Pass], made.Select(check => check.Outcome));
        Assert.Equal("its process was ended by signal 6 in the middle of it", made[1].Reason);
        Assert.Equal([["passes", "kills", "last"], ["last"]], processes);
    }

    // Whoever takes the card back in the middle leaves a file of what was found until then.
    [Fact]
    public void WhatWasFound_IsToldAfterEveryCheck_AndTheRestIsNotRun()
    {
        List<string> told = [];
        Run([passes, fails, kills, alone, passes with { Name = "last" }], [], made => told.Add(string.Join(' ', made.Select(check => check.Name))));
        Assert.Equal(["passes", "passes fails", "passes fails kills", "passes fails kills alone", "passes fails kills alone last"], told.Distinct());

        var facts = VerifiedCheck.Of("facts", CheckFinding.Of(new VerifiedFigure("one", 1)), TimeSpan.Zero);
        var all = GpuCheckProgram.WithUnmade([facts]);
        Assert.Equal([.. DeviceCheckList.All.Select(check => check.Name), "workloads", "pytorch"], all.Select(check => check.Name));
        Assert.Same(facts, all[0]);
        Assert.All(all.Skip(1), check => Assert.Equal((CheckOutcome.NotRun, "the program that checks was ended before it"), (check.Outcome, check.Reason)));
    }

    [Fact]
    public void WordThatAProcessLeft_IsInTheReason()
    {
        var made = new CheckRunner(new(TimeSpan.FromMinutes(8), TimeProvider.System), (order, _) =>
        {
            CheckReport.Begin(order.Report, order.Checks[0]);
            File.WriteAllText(CheckReport.PathOfWord(order.Report), """{"Type":"dnnl::error","Message":"could not create a primitive","OfMemory":true}""");
            return "ended with exit code 2";
        }).Run([passes]);

        Assert.Equal("its process ended with exit code 2 in the middle of it, by dnnl::error: could not create a primitive, where memory was used up", Assert.Single(made).Reason);
    }

    [Fact]
    public void ProcessThatDoesNotStart_FailsEveryCheck()
    {
        var made = new CheckRunner(new(TimeSpan.FromMinutes(8), TimeProvider.System), (_, _) => "could not be started (no such file)").Run([passes, fails]);

        Assert.All(made, check => Assert.Equal("its process could not be started (no such file) before it began", check.Reason));
        Assert.Equal(2, made.Count);
    }

    [Fact]
    public void WhatDoesNotFitIntoTheBudget_IsNotRun_AndDoesNotPass()
    {
        var clock = new Clock();
        var made = new CheckRunner(new(TimeSpan.FromMinutes(8), clock), (order, _) =>
        {
            CheckReport.Begin(order.Report, "passes");
            CheckReport.End(order.Report, VerifiedCheck.Of("passes", CheckFinding.Of(new VerifiedFigure("one", 1)), TimeSpan.Zero));
            CheckReport.Begin(order.Report, "fails");
            clock.Now = TimeSpan.FromMinutes(8);
            return "went on for 480 s and was killed";
        }).Run([passes, fails, alone, passes with { Name = "last" }]);

        Assert.Equal([CheckOutcome.Pass, CheckOutcome.NotRun, CheckOutcome.NotRun, CheckOutcome.NotRun], made.Select(check => check.Outcome));
        Assert.Equal("budget: the 8 minutes of all checks were over in the middle of it", made[1].Reason);
        Assert.All(made.Skip(2), check => Assert.Equal("budget: the 8 minutes of all checks were over before it", check.Reason));
    }

    // The workloads may not take what PyTorch needs.
    [Fact]
    public void BudgetThatIsToLeaveSome_IsSpentBefore_AndSaysSo()
    {
        var clock = new Clock { Now = TimeSpan.FromMinutes(1) };
        CheckBudget all = new(TimeSpan.FromMinutes(8), clock), some = all.Without(TimeSpan.FromSeconds(100));
        clock.Now += TimeSpan.FromSeconds(379);
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(101)), (some.Left, all.Left));
        clock.Now += TimeSpan.FromSeconds(1);

        Assert.Equal((true, false), (some.IsSpent, all.IsSpent));
        Assert.Equal("budget: without 100 s for what comes behind it, the 8 minutes of all checks were over in the middle of it; 12 rows are there", some.NotRun(begun: true, "12 rows are there").Reason);
        Assert.Equal("budget: the 8 minutes of all checks were over before it", all.NotRun(begun: false).Reason);
    }

    [Fact]
    public void ProgramWhoseTimeIsOver_IsKilled()
    {
        var asked = 0;
        ProcessStartInfo endless = OperatingSystem.IsWindows() ? new("ping", ["-t", "localhost"]) : new("sleep", ["1000"]);
        var (succeeded, end) = ChildProgram.Run(endless, () => TimeSpan.FromSeconds(1 - asked++));

        Assert.False(succeeded);
        Assert.Matches("^went on for [0-9]+ s and was killed$", end);
    }

    [Fact]
    public void ProgramThatIsOrderedTo_Checks_AndReports()
    {
        // The last needs a process that is deterministic before it touches the device.
        string[] expected = ["symbols Pass", "phases NotApplicable", "determinism Pass"];
        var folder = Directory.CreateTempSubdirectory("freezebench-").FullName;
        try
        {
            var report = Path.Combine(folder, "report");
            using var program = RunningProgram.Start(
                [KeyValuePair.Create(CheckOrder.Variable, new CheckOrder([.. expected.Select(check => check.Split(' ')[0])], report).ToJson())], ["--gpu-check", "--device", "cpu", "--out", folder]);

            Assert.Equal(0, program.End().ExitCode);
            var (ended, open) = CheckReport.Read(report);
            Assert.Null(open);
            Assert.Equal(expected, ended.Select(check => $"{check.Name} {check.Outcome}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Only as much of time as the budget asks for.
    private sealed class Clock : TimeProvider
    {
        internal TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }

    // A worker in this process; what would end it leaves the report as a dead process does.
    private static IReadOnlyList<VerifiedCheck> Run(IReadOnlyList<DeviceCheck> checks, List<IReadOnlyList<string>> processes, Action<IReadOnlyList<VerifiedCheck>>? soFar = null) => new CheckRunner(new(TimeSpan.FromMinutes(8), TimeProvider.System), (order, tell) =>
    {
        processes.Add(order.Checks);
        var lives = order.Checks.TakeWhile(name => name != kills.Name).ToList();
        foreach (var name in lives)
        {
            CheckWorker.Run(order with { Checks = [name] }, checks, device, AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(TextWriter.Null) }));
            tell();
            tell();
        }
        if (lives.Count == order.Checks.Count)
            return "ended";
        CheckReport.Begin(order.Report, kills.Name);
        File.AppendAllText(order.Report, "{\"name\": \"cut");
        return "was ended by signal 6";
    }).Run(checks, soFar);

    private static readonly CheckedDevice device = new(new DeviceChoice(DeviceType.CPU, 0, "as asked"), null, DeviceMemory.OfHost(), null!);
}
