using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Running;
using FreezeBench.Benchmarks.Processes;
using FreezeBench.DeviceChecks;
using FreezeBench.Measurement;
using FreezeBench.Programs;
using FreezeBench.Results.Ends;
using FreezeBench.Results.Machine;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Verification;
using FreezeBench.Torch.Arithmetic;
using Spectre.Console;

namespace FreezeBench.Benchmarks.Verifying;

/// <summary>What <c>--gpu-check</c> does: every check of the device, then the standard workloads and PyTorch once, and one file of what came out.</summary>
/// <remarks>This process only starts others, so that a GPU that takes one process at a time is free for them.</remarks>
internal static class GpuCheckProgram
{
    // All of it; the standard workloads are some five of these minutes on a card.
    private static readonly TimeSpan total = TimeSpan.FromMinutes(8);

    // A check that hangs, as arithmetic that a device only pretends to have does, is not to take the time of the others. They take 10 s at most on two CPU cores.
    private static readonly TimeSpan longestCheck = TimeSpan.FromSeconds(90);

    /// <summary>Whether a process that gets this order is to be deterministic before it touches the device.</summary>
    internal static bool NeedsDeterminism(CheckOrder order) => DeviceCheckList.All.Any(check => check.NeedsDeterminism && order.Checks.Contains(check.Name));

    internal static int Run(RunSession session, IAnsiConsole output, IAnsiConsole progress)
    {
        var begin = Stopwatch.GetTimestamp();
        var budget = new CheckBudget(total, TimeProvider.System);
        var (environment, stamp, store) = session.Begin(TorchEnvironment.PackageVersion(typeof(BenchmarkRunner).Assembly));
        if (CheckOrder.Received() is { } order)
        {
            // A program that a check starts is none of it.
            Environment.SetEnvironmentVariable(CheckOrder.Variable, null);
            CudnnAutotuning.Apply(session.Device.Type, on: false);
            NativeEnd.LeaveWordAt(CheckReport.PathOfWord(order.Report));
            if (session.Device.Type == TorchSharp.DeviceType.CPU)
                MemoryBound.Apply(Environment.ProcessorCount);
            CheckWorker.Run(order, DeviceCheckList.All, new(session.Device, session.DeviceComputeCapability, session.Memory, environment), progress);
            return 0;
        }
        progress.MarkupLineInterpolated($"checking    {session.Device.Description}, {environment.Id}");
        if (stamp.Git.Dirty == true)
            progress.MarkupLineInterpolated($"[yellow]{RunSession.DirtyWarning}[/]");
        store.WriteEnvironment(environment);
        DeviceVerification Written(IReadOnlyList<VerifiedCheck> made)
        {
            var verification = new DeviceVerification
            {
                SchemaVersion = DeviceVerification.CurrentSchemaVersion,
                EnvironmentId = environment.Id,
                Device = session.Device.Name,
                Commit = stamp.Git.Commit,
                Dirty = stamp.Git.Dirty,
                UtcTime = stamp.UtcTime,
                DurationS = Stopwatch.GetElapsedTime(begin).TotalSeconds,
                Checks = WithUnmade(made),
            };
            store.WriteVerification(verification);
            return verification;
        }
        // After every check: where the card is taken back in the middle, what was found stays.
        var checks = new CheckRunner(budget, (asked, tell) => ChildProgram.Run(Worker(asked), () => LeftOfCheck(budget, asked), tell).End).Run(DeviceCheckList.All, made => Written(made));
        checks = [.. checks, Timed(SideChecks.WorkloadsName, () => SideChecks.Workloads(session, budget))];
        Written(checks);
        var verification = Written([.. checks, Timed(SideChecks.PyTorchName, () => SideChecks.PyTorch(session, budget))]);
        Write(output, verification, store);
        return verification.Passed ? 0 : CommandLineHost.RunFailed;
    }

    /// <summary>All checks: those that were made, and of the others that they were not.</summary>
    /// <param name="made">In their order.</param>
    internal static IReadOnlyList<VerifiedCheck> WithUnmade(IReadOnlyList<VerifiedCheck> made) =>
    [
        .. made,
        .. DeviceCheckList.All.Select(check => check.Name).Concat([SideChecks.WorkloadsName, SideChecks.PyTorchName]).Skip(made.Count)
            .Select(name => VerifiedCheck.Of(name, CheckFinding.NotRun("the program that checks was ended before it"), TimeSpan.Zero)),
    ];

    private static ProcessStartInfo Worker(CheckOrder order)
    {
        var start = OwnProgram.Again();
        start.Environment[CheckOrder.Variable] = order.ToJson();
        return start;
    }

    // The report's last line is where the check began. Asked five times a second, of a file of some lines.
    private static TimeSpan LeftOfCheck(CheckBudget budget, CheckOrder order)
    {
        var ofCheck = longestCheck - (DateTime.UtcNow - File.GetLastWriteTimeUtc(order.Report));
        return ofCheck < budget.Left ? ofCheck : budget.Left;
    }

    private static VerifiedCheck Timed(string name, Func<CheckFinding> find)
    {
        var start = Stopwatch.GetTimestamp();
        return VerifiedCheck.Of(name, find(), Stopwatch.GetElapsedTime(start));
    }

    private static void Write(IAnsiConsole output, DeviceVerification verification, ResultStore store)
    {
        foreach (var check in verification.Checks)
            output.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{check.Name,-16} {CheckText.Of(check.Outcome)}{(check.Reason is { } reason ? $": {reason}" : "")}");
        int Count(CheckOutcome outcome) => verification.Checks.Count(check => check.Outcome == outcome);
        output.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"{verification.Device}: {Count(CheckOutcome.Pass)} passed, {Count(CheckOutcome.Fail)} failed, {Count(CheckOutcome.NotRun)} not run, {Count(CheckOutcome.NotApplicable)} not applicable ({verification.DurationS:0} s). {Path.Combine(store.Folder, VerificationFile.FileName)}");
    }
}
