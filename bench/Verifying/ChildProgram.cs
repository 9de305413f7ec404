using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using FreezeBench.Benchmarks.Cases;
using FreezeBench.Benchmarks.Processes;
using FreezeBench.Results.Machine;

namespace FreezeBench.Benchmarks.Verifying;

/// <summary>Runs a program to its end, or until its time is over; what it prints is shown as it comes.</summary>
internal static class ChildProgram
{
    // Between two questions how long it may go on.
    private static readonly TimeSpan between = TimeSpan.FromSeconds(0.2);

    private static readonly TimeSpan afterKill = TimeSpan.FromSeconds(5);

    /// <param name="start">What.</param>
    /// <param name="left">How long it may go on; asked again and again, and where it is zero or less the program is killed.</param>
    /// <param name="meanwhile">Called before each of these questions; null: nothing is.</param>
    /// <returns>Whether it ended with exit code 0, and how it ended, in words.</returns>
    internal static (bool Succeeded, string End) Run(ProcessStartInfo start, Func<TimeSpan> left, Action? meanwhile = null)
    {
        using var process = new Process { StartInfo = start };
        var kills = new MemoryKills();
        try
        {
            using var life = ChildLife.Start(process);
            var begin = Stopwatch.GetTimestamp();
            while (!process.WaitForExit(between))
            {
                meanwhile?.Invoke();
                if (left() > TimeSpan.Zero)
                    continue;
                process.Kill(entireProcessTree: true);
                // A process that waits inside of a driver ends when the driver lets it, which may be never.
                process.WaitForExit(afterKill);
                return (false, string.Create(CultureInfo.InvariantCulture, $"went on for {Stopwatch.GetElapsedTime(begin).TotalSeconds:0} s and was killed"));
            }
            return process.ExitCode switch
            {
                0 => (true, "ended"),
                KilledCases.ExitCode when kills.Any == true => (false, "was killed for want of memory"),
                var code when KilledCases.Signal(code) is { } signal => (false, $"was ended by signal {signal}"),
                var code => (false, $"ended with exit code {code}"),
            };
        }
        catch (Win32Exception error)
        {
            return (false, $"could not be started ({error.Message})");
        }
    }
}
