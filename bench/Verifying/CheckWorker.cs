using System.Diagnostics;
using System.Globalization;
using FreezeBench.DeviceChecks;
using FreezeBench.Results;
using FreezeBench.Results.Verification;
using FreezeBench.Torch.Arithmetic;
using Spectre.Console;

namespace FreezeBench.Benchmarks.Verifying;

/// <summary>The process that checks. What a check throws is its failure, and the next one is made; what ends the process is told by who started it.</summary>
internal static class CheckWorker
{
    internal static void Run(CheckOrder order, IReadOnlyList<DeviceCheck> checks, CheckedDevice device, IAnsiConsole progress)
    {
        foreach (var check in order.Checks.Select(name => checks.SingleOrDefault(check => check.Name == name) ?? throw new UserErrorException($"There is no check '{ForeignText.Shown(name)}'; {CheckOrder.Variable} asks for it. Unset that variable.")))
        {
            CheckReport.Begin(order.Report, check.Name);
            var made = Made(check, device);
            CheckReport.End(order.Report, made);
            progress.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"{made.Name,-16} {CheckText.Of(made.Outcome),-15} {made.DurationS,6:0.0} s  {check.Description}");
            // At once: whoever watches a card that is lent by the minute may not wait for the end.
            if (made is { Outcome: CheckOutcome.Fail, Reason: { } reason })
                progress.MarkupLineInterpolated($"[red]  {reason}[/]");
        }
    }

    private static VerifiedCheck Made(DeviceCheck check, CheckedDevice device)
    {
        var start = Stopwatch.GetTimestamp();
        CheckFinding found;
        try
        {
            PrecisionSwitch.Apply(Precision.Fp32, device.Choice, device.ComputeCapability);
            found = check.Find(device);
        }
        // All of them: whatever a card makes a check throw is what is to be known of it.
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            found = CheckFinding.Failed($"{error.GetType().Name}: {error.Message.Split('\n')[0].Trim()}");
        }
        return VerifiedCheck.Of(check.Name, found, Stopwatch.GetElapsedTime(start));
    }
}
