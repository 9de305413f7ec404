using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Running;
using FreezeBench.Benchmarks.Processes;
using FreezeBench.DeviceChecks;
using FreezeBench.Measurement;
using FreezeBench.Programs;
using FreezeBench.Results.Rows;
using FreezeBench.Results.Verification;
using FreezeBench.Torch.Arithmetic;
using Spectre.Console;

namespace FreezeBench.Benchmarks.Verifying;

/// <summary>What <c>--gpu-check</c> does: every check of the device, then the standard workloads and PyTorch once, and one file of what came out.</summary>
/// <remarks>This process only starts others, so that a GPU that takes one process at a time is free for them.</remarks>
internal static class GpuCheckProgram
{
    // On a card all of it is to take eight minutes, of which the workloads have five.
    private static readonly TimeSpan checksLimit = TimeSpan.FromMinutes(4), workloadsLimit = TimeSpan.FromMinutes(6), peerLimit = TimeSpan.FromMinutes(3);

    internal static int Run(RunSession session, IAnsiConsole output, IAnsiConsole progress)
    {
        var begin = Stopwatch.GetTimestamp();
        var (environment, stamp, store) = session.Begin(TorchEnvironment.PackageVersion(typeof(BenchmarkRunner).Assembly));
        if (CheckOrder.Received() is { } order)
        {
            // A program that a check starts is none of it.
            Environment.SetEnvironmentVariable(CheckOrder.Variable, null);
            CudnnAutotuning.Apply(session.Device.Type, on: false);
            CheckWorker.Run(order, DeviceCheckList.All, new(session.Device, session.DeviceComputeCapability, session.Memory, environment), progress);
            return 0;
        }
        progress.MarkupLineInterpolated($"checking    {session.Device.Description}, {environment.Id}");
        if (stamp.Git.Dirty == true)
            progress.MarkupLineInterpolated($"[yellow]{RunSession.DirtyWarning}[/]");
        store.WriteEnvironment(environment);
        IReadOnlyList<VerifiedCheck> checks =
        [
            .. new CheckRunner(asked => ChildProgram.Run(Worker(asked), checksLimit).End).Run(DeviceCheckList.All),
            Timed("workloads", () => SideChecks.Workloads(session, workloadsLimit)),
            Timed("pytorch", () => SideChecks.PyTorch(session, peerLimit)),
        ];
        var verification = new DeviceVerification
        {
            SchemaVersion = DeviceVerification.CurrentSchemaVersion,
            EnvironmentId = environment.Id,
            Device = session.Device.Name,
            Commit = stamp.Git.Commit,
            Dirty = stamp.Git.Dirty,
            UtcTime = stamp.UtcTime,
            DurationS = Stopwatch.GetElapsedTime(begin).TotalSeconds,
            Checks = checks,
        };
        store.WriteVerification(verification);
        Write(output, verification, store);
        return verification.AnyFailed ? CommandLineHost.RunFailed : 0;
    }

    private static ProcessStartInfo Worker(CheckOrder order)
    {
        var start = OwnProgram.Again();
        start.Environment[CheckOrder.Variable] = order.ToJson();
        return start;
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
            $"{verification.Device}: {Count(CheckOutcome.Pass)} passed, {Count(CheckOutcome.Fail)} failed, {Count(CheckOutcome.NotApplicable)} not applicable ({verification.DurationS:0} s). {Path.Combine(store.Folder, VerificationFile.FileName)}");
    }
}
