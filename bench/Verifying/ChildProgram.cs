using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using FreezeBench.Benchmarks.Processes;

namespace FreezeBench.Benchmarks.Verifying;

/// <summary>Runs a program to its end, or to a limit; what it prints is shown as it comes.</summary>
internal static class ChildProgram
{
    /// <summary>Runs it.</summary>
    /// <param name="start">What.</param>
    /// <param name="limit">After which it is killed.</param>
    /// <returns>Whether it ended with exit code 0, and how it ended, in words.</returns>
    internal static (bool Succeeded, string End) Run(ProcessStartInfo start, TimeSpan limit)
    {
        using var process = new Process { StartInfo = start };
        try
        {
            using var life = ChildLife.Start(process);
            if (!process.WaitForExit(limit))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                return (false, string.Create(CultureInfo.InvariantCulture, $"did not end in {limit.TotalSeconds:0} s and was killed"));
            }
            // Above 128 it is a signal's number by the custom of shells, which .NET follows.
            return process.ExitCode switch
            {
                0 => (true, "ended"),
                > 128 and var code => (false, $"was ended by signal {code - 128}"),
                var code => (false, $"ended with exit code {code}"),
            };
        }
        catch (Win32Exception error)
        {
            return (false, $"could not be started ({error.Message})");
        }
    }
}
