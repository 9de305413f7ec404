using System.Diagnostics;

namespace FreezeBench.Faults;

/// <summary>A program in a process of its own, under what a shell does to it first.</summary>
/// <param name="ExitCode">128 and the signal's number where a signal ended it.</param>
/// <param name="Output">Standard output; empty where the shell sent it elsewhere.</param>
/// <param name="Errors">Standard error; likewise.</param>
internal sealed record ProgramRun(int ExitCode, string Output, string Errors)
{
    // A program that hangs is a fault too.
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(3);

    /// <summary>Where streams can be closed and limits set as a shell does.</summary>
    internal static bool HasShell => File.Exists("/bin/bash") && File.Exists("/dev/full");

    /// <summary>Runs it.</summary>
    /// <param name="assembly">Run by dotnet.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="before">Commands of bash before it, such as <c>ulimit -n 64</c>.</param>
    /// <param name="redirection">Of its streams, such as <c>2&gt;&amp;-</c>.</param>
    /// <param name="variables">Of its environment, beside this process's.</param>
    internal static ProgramRun Of(string assembly, IEnumerable<string> arguments, string before = "true", string redirection = "", params IEnumerable<KeyValuePair<string, string>> variables)
    {
        using var process = Start(assembly, arguments, before, redirection, variables);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(longest))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return new(-1, "", $"It was still running after {longest.TotalMinutes} minutes.");
        }
        return new(process.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
    }

    /// <summary>Starts it; the caller ends it.</summary>
    /// <inheritdoc cref="Of"/>
    internal static Process Start(string assembly, IEnumerable<string> arguments, string before = "true", string redirection = "", params IEnumerable<KeyValuePair<string, string>> variables)
    {
        // By its full path: another user's shell may find no dotnet.
        var start = new ProcessStartInfo("/bin/bash", ["-c", $"{before} && exec \"$DOTNET\" exec \"$@\" {redirection}", "bash", assembly, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["DOTNET"] = Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
                // Other tests run beside it, and nobody keeps the times of a benchmark (bench/README.md).
                ["FREEZEBENCH_MEASURE_ONCE"] = "1",
            },
        };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
